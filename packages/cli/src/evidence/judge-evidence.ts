import { isCloisterError } from '@cloister/core';
import type { EvidenceReport } from './evidence-report.ts';
import { judgeBundle } from './judge-bundle.ts';
import { judgeTdx } from './judge-tdx.ts';
import { type Judgement, refuseUnjudged } from './judge.ts';
import { type Recognised, recogniseEvidence } from './recognise-evidence.ts';

const SUBJECTS = {
  'sev-snp': 'SEV-SNP report',
  'azure-hcl': 'SEV-SNP report in an Azure vTPM wrapper',
  'nvidia-spdm': 'NVIDIA GPU report (SPDM)',
  'nvidia-evidence': 'NVIDIA GPU evidence',
  'nvidia-nras': 'NVIDIA attestation token (NRAS)',
} as const;

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
    default:
      return refuseUnjudged('unsupported', SUBJECTS[found.kind], 'ERR_CLI_EVIDENCE_UNSUPPORTED', judgement.now);
  }
}

function recognise(bytes: Uint8Array): Recognised | undefined {
  try {
    return recogniseEvidence(bytes);
  } catch (error) {
    if (!isCloisterError(error)) throw error;
    return undefined;
  }
}
