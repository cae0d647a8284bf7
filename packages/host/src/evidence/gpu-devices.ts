import { equalBytes, type GpuEvidence } from '@cloister/core';
import * as z from 'zod';
import { hostError } from '../errors.ts';
import { decodeBytes, parseAnswer } from './parse-answer.ts';

interface Device {
  readonly arch: string;
  readonly evidence: string;
  readonly certificate: string;
}

const device: z.ZodType<Device> = z.object({
  arch: z.string().regex(/^[A-Z0-9_]{1,32}$/),
  evidence: z.string(),
  certificate: z.string(),
});

const devices: z.ZodType<readonly Device[]> = z.union([
  z.array(device).max(64),
  z.object({ evidences: z.array(device).max(64) }).transform(({ evidences }) => evidences),
  z
    .object({ nvidia: z.object({ device_evidence_list: z.array(device).max(64) }) })
    .transform(({ nvidia }) => nvidia.device_evidence_list),
]);

/** The first bytes of an SPDM measurement request, and where its nonce lies. */
const REQUEST = [0x11, 0xe0];
const NONCE = [4, 36] as const;

/**
 * GPUs as NVIDIA's tools and the CoCo agent list them, each checked to answer this nonce.
 * @throws ERR_HOST_EVIDENCE_MALFORMED, ERR_HOST_EVIDENCE_UNBOUND
 */
export function parseGpuDevices(bytes: Uint8Array, nonce: Uint8Array): readonly GpuEvidence[] {
  return parseAnswer(devices, bytes, 'gpus').map(({ arch, evidence, certificate }) => {
    const report = decodeBytes(evidence, 'base64', 'gpus');
    if (!REQUEST.every((byte, index) => report[index] === byte)) {
      throw hostError('ERR_HOST_EVIDENCE_MALFORMED', { subject: 'gpus' });
    }
    if (!equalBytes(report.subarray(...NONCE), nonce))
      throw hostError('ERR_HOST_EVIDENCE_UNBOUND', { subject: 'gpus' });
    return { arch, report, certChain: decodeBytes(certificate, 'base64', 'gpus') };
  });
}
