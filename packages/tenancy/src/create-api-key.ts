import { sha256, systemRandom, toBase64url, toHex, utf8 } from '@cloister/core';
import type { RandomSource } from '@cloister/core';

/** A new API key. Only the hash is stored. */
export interface ApiKey {
  /** `ck_` and 43 base64url characters: 256 random bits. Shown once, to its holder. */
  readonly apiKey: string;
  /** SHA-256 of that text, 64 hex digits: for the directory. */
  readonly sha256: string;
}

/** Makes an API key of 256 random bits. */
export function createApiKey(random: RandomSource = systemRandom): ApiKey {
  const apiKey = `ck_${toBase64url(random(32))}`;
  return { apiKey, sha256: toHex(sha256(utf8(apiKey))) };
}
