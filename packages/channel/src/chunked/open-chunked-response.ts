import { createResponseCipher, responseNonceLength } from '../ohttp/response-cipher.ts';
import type { ResponseSecrets } from '../ohttp/types.ts';
import { ByteReader } from '../stream/byte-reader.ts';
import { collect } from './chunk-list.ts';
import { openChunks } from './chunks.ts';

/**
 * Opens a chunked response that is all there (draft-ietf-ohai-chunked-ohttp-08 section 6.2): its chunks, the final one
 * last.
 * @throws ERR_CHANNEL_TRUNCATED, ERR_CHANNEL_DECRYPT_FAILED, ERR_CHANNEL_MALFORMED_CHUNK, ERR_CHANNEL_INVALID_ARGUMENT
 */
export async function openChunkedResponse(
  secrets: ResponseSecrets,
  encapsulated: Uint8Array,
): Promise<readonly Uint8Array[]> {
  const pieces = [encapsulated];
  const wire = new ByteReader(() => pieces.pop());
  const nonce = await wire.take(responseNonceLength(secrets.aead));
  return collect(openChunks(wire, await createResponseCipher(secrets, nonce)));
}
