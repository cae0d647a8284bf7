import { toBase64, toHex, utf8 } from '@cloister/core';
import { AppraisalError, verifyGpuReport, verifyNrasToken } from '@cloister/evidence/nvidia';
import { cliError } from '../errors.ts';
import type { Verdict } from '../exit-status.ts';
import type { EvidenceReport } from './evidence-report.ts';
import type { Judgement } from './judge.ts';
import type { GpuDevice } from './recognise-evidence.ts';

/** A GPU's demands are judged with the CPU's in a bundle: a policy has no use here. */
function assertNoPolicy({ policy }: Judgement): void {
  if (policy !== undefined) throw cliError('ERR_CLI_POLICY_WITHOUT_USE', { subject: 'tee' });
}

/** Judges a GPU's SPDM report with its certificates of `--certs`. */
export async function judgeGpuReport(report: Uint8Array, judgement: Judgement): Promise<EvidenceReport> {
  const certChain = utf8((judgement.certs ?? []).map(toPem).join(''));
  return judgeGpuDevices([{ report, certChain }], judgement);
}

/** Judges GPUs as NVIDIA's tools list them; the first that is refused decides. */
export async function judgeGpuDevices(devices: readonly GpuDevice[], judgement: Judgement): Promise<EvidenceReport> {
  assertNoPolicy(judgement);
  const { now, roots, nonce } = judgement;
  let last: EvidenceReport | undefined;
  for (const [index, device] of devices.entries()) {
    const subject = devices.length === 1 ? 'NVIDIA GPU report' : `NVIDIA GPU report, ${index + 1} of ${devices.length}`;
    last = await attempt(subject, now, async () => {
      const verdict = await verifyGpuReport(device, { now, nonce, roots: roots?.nvidia });
      const { driverVersion, vbiosVersion, nonce: asked } = verdict.report;
      const fields = { device: verdict.device, driver: driverVersion, vbios: vbiosVersion, nonce: toHex(asked) };
      return { ...verdict, fields };
    });
    if (last.verdict !== 'accept') return last;
  }
  return last as EvidenceReport;
}

/** Judges an answer of NVIDIA's attestation service; `--certs` is the chain of its key when the tokens bring none. */
export async function judgeNras(text: string, judgement: Judgement): Promise<EvidenceReport> {
  assertNoPolicy(judgement);
  const { now, roots, nonce, certs } = judgement;
  return attempt('NVIDIA attestation token', now, async () => {
    const keyChain = certs?.map((cert) => toBase64(cert));
    const verdict = await verifyNrasToken(text, { now, nonce, keyChain, roots: roots?.nvidia });
    const described = verdict.devices.map(({ name, hwModel, driverVersion, vbiosVersion }) => [
      name,
      `${hwModel} driver ${driverVersion} VBIOS ${vbiosVersion}`,
    ]);
    return { ...verdict, fields: Object.fromEntries(described) as Record<string, string> };
  });
}

type Accepted = Pick<EvidenceReport, 'checks' | 'fields'> & { readonly simulated: boolean; readonly expiresAt: number };

async function attempt(subject: string, at: number, work: () => Promise<Accepted>): Promise<EvidenceReport> {
  try {
    const { simulated, expiresAt, checks, fields } = await work();
    return { verdict: 'accept', subject, simulated, at, expiresAt, checks, fields };
  } catch (error) {
    if (!(error instanceof AppraisalError)) throw error;
    const { code, message, fix, checks } = error;
    return { verdict: nameRefusal(error), subject, refusal: { code, message, fix }, at, checks, fields: {} };
  }
}

function nameRefusal({ subject }: AppraisalError): Verdict {
  return subject === 'gpu.report-format' || subject === 'nras.format' ? 'malformed' : 'reject';
}

function toPem(certificate: Uint8Array): string {
  const lines = toBase64(certificate).match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
