import { isCloisterError, toBase64, toHex, utf8 } from '@cloister/core';
import { AppraisalError, type GpuReport, verifyGpuReport, verifyNrasToken } from '@cloister/evidence/nvidia';
import { verifyReferenceManifest } from '@cloister/evidence/rim';

/** A question about NVIDIA evidence, its members read. */
export interface NvidiaQuestion {
  readonly evidence: Uint8Array;
  /** DER; the device's chain, or the `x5c` of the service's key. */
  readonly certs: readonly Uint8Array[];
  readonly nonce: Uint8Array | undefined;
  /** ms since the epoch. */
  readonly now: number;
}

async function judge(work: () => Promise<object>): Promise<object> {
  try {
    return { verdict: 'accept', ...(await work()) };
  } catch (error) {
    if (!isCloisterError(error)) throw error;
    const isForm =
      error instanceof AppraisalError && /(?:report-format|nras\.format|rim\.format)$/.test(error.subject ?? '');
    return { verdict: isForm ? 'malformed' : 'reject', code: error.code };
  }
}

function toPem(certificate: Uint8Array): string {
  const lines = toBase64(certificate).match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/** Names as the oracle's answers beside the vectors spell them. */
function describeReport(report: GpuReport): object {
  return {
    request_nonce: toHex(report.nonce),
    number_of_blocks: report.measurements.length,
    signature: toHex(report.signature),
    driver_version: report.driverVersion,
    vbios_version: report.vbiosVersion,
    ...(report.firmwareId === undefined ? {} : { report_fwid: toHex(report.firmwareId) }),
  };
}

/** Answers a question about a GPU's own report. */
export async function answerGpuReport({ evidence, certs, nonce, now }: NvidiaQuestion): Promise<object> {
  const certChain = utf8(certs.map(toPem).join(''));
  return judge(async () => {
    const { report } = await verifyGpuReport({ report: evidence, certChain }, { now, nonce });
    return { fields: describeReport(report) };
  });
}

/** Answers a question about an answer of the attestation service: a detached EAT, JSON. */
export async function answerNras({ evidence, certs, nonce, now }: NvidiaQuestion): Promise<object> {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(evidence);
  return judge(async () => {
    const { devices } = await verifyNrasToken(text, { now, nonce, keyChain: certs.map(toBase64) });
    return { fields: { devices } };
  });
}

/** Answers a question about a reference manifest: XML. */
export async function answerManifest({ evidence, now }: NvidiaQuestion): Promise<object> {
  return judge(async () => {
    const { kind, version } = await verifyReferenceManifest(evidence, { now });
    return { fields: { kind, version } };
  });
}
