import { isCloisterError } from '@cloister/core';
import type { EvidenceReport } from './evidence-report.ts';
import { judgeBundle } from './judge-bundle.ts';
import { judgeGpuDevices, judgeGpuReport, judgeNras } from './judge-gpu.ts';
import { judgeSnp } from './judge-snp.ts';
import { judgeTdx } from './judge-tdx.ts';
import { type Judgement, refuseUnjudged } from './judge.ts';
import { type Recognised, recogniseEvidence } from './recognise-evidence.ts';

/** Judges a file: by its form it is recognised, by its kind judged; a kind without a judge is refused by name. */
export async function judgeEvidence(bytes: Uint8Array, judgement: Judgement): Promise<EvidenceReport> {
  const found = recognise(bytes);
  if (found === undefined) {
    return refuseUnjudged('malformed', 'unknown', 'ERR_CLI_EVIDENCE_UNRECOGNISED', judgement.now);
  }
  switch (found.kind) {
    case 'tdx':
      return judgeTdx(found.bytes, judgement);
    case 'bundle':
      return judgeBundle(found.bytes, judgement);
    case 'sev-snp':
      return judgeSnp(found.bytes, judgement);
    case 'nvidia-spdm':
      return judgeGpuReport(found.bytes, judgement);
    case 'nvidia-nras':
      return judgeNras(found.text, judgement);
    case 'azure-hcl':
      return unsupported('SEV-SNP report in an Azure vTPM wrapper', judgement);
    case 'nvidia-evidence':
      return judgeGpuDevices(found.devices, judgement);
  }
}

function unsupported(subject: string, { now }: Judgement): EvidenceReport {
  return refuseUnjudged('unsupported', subject, 'ERR_CLI_EVIDENCE_UNSUPPORTED', now);
}

function recognise(bytes: Uint8Array): Recognised | undefined {
  try {
    return recogniseEvidence(bytes);
  } catch (error) {
    if (!isCloisterError(error)) throw error;
    return undefined;
  }
}
