import { channelError } from '../errors.ts';
import { createResponseCipher, responseNonceLength } from './response-cipher.ts';
import type { ResponseSecrets } from './types.ts';

/**
 * Opens a whole encapsulated response (RFC 9458 section 4.4).
 * @throws ERR_CHANNEL_DECRYPT_FAILED, also for one that was cut or belongs to another request;
 * ERR_CHANNEL_INVALID_ARGUMENT, ERR_CHANNEL_AEAD_UNSUPPORTED
 */
export async function openWholeResponse(secrets: ResponseSecrets, encapsulated: Uint8Array): Promise<Uint8Array> {
  const length = responseNonceLength(secrets.aead);
  if (encapsulated.length < length) throw channelError('ERR_CHANNEL_DECRYPT_FAILED');
  const cipher = await createResponseCipher(secrets, encapsulated.subarray(0, length));
  const message = await cipher.open(new Uint8Array(0), encapsulated.subarray(length));
  if (message === undefined) throw channelError('ERR_CHANNEL_DECRYPT_FAILED');
  return message;
}
