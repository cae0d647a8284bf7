import { canonicalJson, equalBytes, parseJson, toBase64url } from '@cloister/core';
import * as z from 'zod/mini';
import { evidenceError } from '../errors.ts';
import { base64urlBytes, exactBytes } from './byte-schemas.ts';

/** How long a keyset may live, ms: keys are replaced at least hourly (DESIGN 6.1). */
export const MAX_KEYSET_LIFETIME = 3_600_000;
const MAX_KEYSET = 16 * 1024;

/** The public keys of a gateway. A quote vouches for the SHA-256 of its encoded bytes. */
export interface Keyset {
  readonly version: 1;
  /** RFC 9458 key configurations, most preferred first; 1 to 8. */
  readonly configs: readonly Uint8Array[];
  /** Ed25519 public key that signs receipts, 32 bytes. */
  readonly receiptKey: Uint8Array;
  /** SHA-256 of the gateway's canonical effective configuration, 32 bytes. */
  readonly deployment: Uint8Array;
  /** SHA-256 of the SubjectPublicKeyInfo of the gateway's TLS certificate, 32 bytes. */
  readonly tlsSpkiSha256?: Uint8Array;
  /** First and last moment at which the keys may be used: integers, ms since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
}

const moment = z.int().check(z.minimum(0), z.maximum(8.64e15));

const schema: z.ZodMiniType<Keyset> = z
  .strictObject({
    version: z.literal(1),
    configs: z.array(base64urlBytes({ min: 1, max: 4096 })).check(z.minLength(1), z.maxLength(8)),
    receiptKey: exactBytes(32),
    deployment: exactBytes(32),
    tlsSpkiSha256: z.exactOptional(exactBytes(32)),
    notBefore: moment,
    notAfter: moment,
  })
  .check(z.refine(({ notBefore, notAfter }) => notBefore < notAfter));

/** The one encoding of a keyset: canonical JSON (RFC 8785), bytes as base64url, times as integers. */
export function encodeKeyset(keyset: Keyset): Uint8Array {
  const { tlsSpkiSha256 } = keyset;
  return canonicalJson({
    version: keyset.version,
    configs: keyset.configs.map(toBase64url),
    receiptKey: toBase64url(keyset.receiptKey),
    deployment: toBase64url(keyset.deployment),
    ...(tlsSpkiSha256 === undefined ? {} : { tlsSpkiSha256: toBase64url(tlsSpkiSha256) }),
    notBefore: keyset.notBefore,
    notAfter: keyset.notAfter,
  });
}

/**
 * Parses a keyset; bytes that `encodeKeyset` would not have made are refused, so a digest names one keyset only.
 * @throws CloisterError ERR_EVIDENCE_KEYSET_MALFORMED
 */
export function parseKeyset(bytes: Uint8Array): Keyset {
  const keyset = readKeyset(bytes);
  if (keyset === undefined || !equalBytes(encodeKeyset(keyset), bytes))
    throw evidenceError('ERR_EVIDENCE_KEYSET_MALFORMED');
  return keyset;
}

function readKeyset(bytes: Uint8Array): Keyset | undefined {
  try {
    return schema.safeParse(parseJson(bytes, { maxBytes: MAX_KEYSET, maxDepth: 4 })).data;
  } catch {
    return undefined;
  }
}
