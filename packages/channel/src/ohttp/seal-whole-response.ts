import type { RandomSource } from '@cloister/core';
import { concat, systemRandom } from '@cloister/core';
import { createResponseCipher, responseNonceLength } from './response-cipher.ts';
import type { ResponseSecrets } from './types.ts';

/** Options of the verbs that seal a response. */
export interface SealResponseOptions {
  /** Source of the response nonce; the platform's generator unless given. */
  readonly random?: RandomSource;
}

/**
 * Encapsulates a whole response (RFC 9458 section 4.4): nonce, ciphertext, tag.
 * @throws ERR_CHANNEL_INVALID_ARGUMENT, ERR_CHANNEL_AEAD_UNSUPPORTED
 */
export async function sealWholeResponse(
  secrets: ResponseSecrets,
  message: Uint8Array,
  { random = systemRandom }: SealResponseOptions = {},
): Promise<Uint8Array> {
  const nonce = random(responseNonceLength(secrets.aead));
  const cipher = await createResponseCipher(secrets, nonce);
  return concat(nonce, await cipher.seal(new Uint8Array(0), message));
}
