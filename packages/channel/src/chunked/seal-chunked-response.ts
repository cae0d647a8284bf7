import { systemRandom } from '@cloister/core';
import { createResponseCipher, responseNonceLength } from '../ohttp/response-cipher.ts';
import type { SealResponseOptions } from '../ohttp/seal-whole-response.ts';
import type { ResponseSecrets } from '../ohttp/types.ts';
import { join, listChunks } from './chunk-list.ts';
import { sealChunks } from './chunks.ts';

/**
 * Encapsulates a response chunk by chunk (draft-ietf-ohai-chunked-ohttp-08 section 6.2); the last chunk is the final one.
 * @throws ERR_CHANNEL_INVALID_ARGUMENT, ERR_CHANNEL_AEAD_UNSUPPORTED
 */
export async function sealChunkedResponse(
  secrets: ResponseSecrets,
  chunks: readonly Uint8Array[],
  { random = systemRandom }: SealResponseOptions = {},
): Promise<Uint8Array> {
  const nonce = random(responseNonceLength(secrets.aead));
  return join(sealChunks(nonce, () => createResponseCipher(secrets, nonce), listChunks(chunks)));
}
