import {
  canonicalJsonText,
  type CpuEvidence,
  type GpuEvidence,
  parseJson,
  toBase64url,
  type TdxCollateral,
} from '@cloister/core';
import * as z from 'zod/mini';
import { MAX_NONCES, type NonceProof } from '../binding/nonce-root.ts';
import { evidenceError } from '../errors.ts';
import type { DeploymentSignature } from '../signed-deployment.ts';
import { tdxCollateralSchema } from '../tdx/collateral-schemas.ts';
import { base64urlBytes, exactBytes } from './byte-schemas.ts';

const MAX_BUNDLE = 8 * 1024 * 1024;
const MAX_GPUS = 16;

/** The answer of a gateway's evidence endpoint (DESIGN 6.1). Nothing in it is trusted before `appraise()`. */
export interface EvidenceBundle {
  readonly version: 1;
  /** The caller's nonce, 32 bytes. */
  readonly nonce: Uint8Array;
  /** Where the nonce stands among those that share the quote. */
  readonly nonceProof: NonceProof;
  /** The exact keyset bytes that were hashed. */
  readonly keyset: Uint8Array;
  readonly cpu: CpuEvidence;
  readonly gpus: readonly GpuEvidence[];
  readonly collateral?: TdxCollateral;
  /** The owner's word for the deployment that the keyset names. */
  readonly deploymentSignature?: DeploymentSignature;
}

const cpu: z.ZodMiniType<CpuEvidence> = z.discriminatedUnion('tee', [
  z.strictObject({
    tee: z.literal('tdx'),
    quote: base64urlBytes({ max: 32 * 1024 }),
    eventLog: z.exactOptional(base64urlBytes({ max: 1024 * 1024 })),
  }),
  z.strictObject({
    tee: z.literal('sev-snp'),
    report: base64urlBytes({ max: 4096 }),
    certs: z.exactOptional(z.array(base64urlBytes({ max: 8192 })).check(z.maxLength(8))),
    crls: z.exactOptional(z.array(base64urlBytes({ max: 64 * 1024 })).check(z.maxLength(8))),
  }),
]);

const gpu: z.ZodMiniType<GpuEvidence> = z.strictObject({
  arch: z.string().check(z.regex(/^[A-Z0-9_]{1,32}$/)),
  report: base64urlBytes({ max: 64 * 1024 }),
  certChain: base64urlBytes({ max: 64 * 1024 }),
  nrasToken: z.exactOptional(z.string().check(z.maxLength(64 * 1024))),
});

const schema: z.ZodMiniType<EvidenceBundle> = z.strictObject({
  version: z.literal(1),
  nonce: exactBytes(32),
  nonceProof: z.strictObject({
    index: z.int().check(z.minimum(0), z.maximum(MAX_NONCES - 1)),
    size: z.int().check(z.minimum(1), z.maximum(MAX_NONCES)),
    path: z.array(exactBytes(32)).check(z.maxLength(8)),
  }),
  keyset: base64urlBytes({ min: 1, max: 16 * 1024 }),
  cpu,
  gpus: z.array(gpu).check(z.maxLength(MAX_GPUS)),
  collateral: z.exactOptional(tdxCollateralSchema),
  deploymentSignature: z.exactOptional(
    z.strictObject({ notAfter: z.int().check(z.minimum(0), z.maximum(8.64e15)), signature: exactBytes(64) }),
  ),
});

/**
 * Parses a bundle, strictly: unknown or duplicate members, other encodings and more than 8 MiB are refused.
 * @throws CloisterError ERR_EVIDENCE_BUNDLE_MALFORMED
 */
export function parseEvidenceBundle(json: string | Uint8Array): EvidenceBundle {
  let value: unknown;
  try {
    value = parseJson(json, { maxBytes: MAX_BUNDLE, maxDepth: 8 });
  } catch {
    throw evidenceError('ERR_EVIDENCE_BUNDLE_MALFORMED');
  }
  const result = schema.safeParse(value);
  if (!result.success) throw evidenceError('ERR_EVIDENCE_BUNDLE_MALFORMED');
  return result.data;
}

/** A bundle as canonical JSON (RFC 8785) with bytes as base64url: equal bundles give equal texts. */
export function encodeEvidenceBundle(bundle: EvidenceBundle): string {
  const { index, size, path } = bundle.nonceProof;
  return canonicalJsonText({
    version: bundle.version,
    nonce: toBase64url(bundle.nonce),
    nonceProof: { index, size, path: path.map(toBase64url) },
    keyset: toBase64url(bundle.keyset),
    cpu: encodeMembers(bundle.cpu),
    gpus: bundle.gpus.map(encodeMembers),
    ...(bundle.deploymentSignature === undefined
      ? {}
      : { deploymentSignature: encodeMembers(bundle.deploymentSignature) }),
    ...(bundle.collateral === undefined ? {} : { collateral: encodeMembers(bundle.collateral) }),
  });
}

function encodeValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return toBase64url(value);
  return Array.isArray(value) ? value.map(encodeValue) : value;
}

function encodeMembers(record: object): Record<string, unknown> {
  const members = Object.entries(record).filter(([, value]) => value !== undefined);
  return Object.fromEntries(members.map(([name, value]) => [name, encodeValue(value)]));
}
