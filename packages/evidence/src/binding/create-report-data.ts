import { concat, type GpuEvidence, lengthPrefixed, sha256, sha512, utf8 } from '@cloister/core';

const BINDING = utf8('cloister/binding/v1');
const GPU_NONCE = utf8('cloister/gpu-nonce/v1');

/** What one quote vouches for. */
export interface Binding {
  /** RFC 6962 root of the callers' nonces, 32 bytes. */
  readonly nonceRoot: Uint8Array;
  /** The exact keyset bytes. */
  readonly keyset: Uint8Array;
  /** Evidence of every GPU in index order; empty when there is none. */
  readonly gpus: readonly GpuEvidence[];
}

/** The 64 bytes of report data that bind nonces, keyset and GPU evidence into one quote (DESIGN 6.1). */
export function createReportData({ nonceRoot, keyset, gpus }: Binding): Uint8Array {
  const devices = concat(...gpus.map(({ report, certChain }) => lengthPrefixed(report, certChain)));
  return sha512(concat(BINDING, lengthPrefixed(nonceRoot, sha256(keyset), sha256(devices))));
}

/** The 32-byte nonce that GPUs sign, derived from the callers' (DESIGN 6.1). */
export function createGpuNonce(nonceRoot: Uint8Array): Uint8Array {
  return sha256(concat(GPU_NONCE, lengthPrefixed(nonceRoot)));
}
