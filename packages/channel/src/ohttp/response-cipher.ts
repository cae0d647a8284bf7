import { concat, hkdfExpand, hkdfExtract, utf8 } from '@cloister/core';
import { channelError } from '../errors.ts';
import type { SequenceCipher } from '../hpke/sequence-cipher.ts';
import { createSequenceCipher } from '../hpke/sequence-cipher.ts';
import { aeadSizes } from '../hpke/suite.ts';
import type { ResponseSecrets } from './types.ts';

/** Length of the response nonce (RFC 9458 section 4.4): max(Nn, Nk) bytes. */
export function responseNonceLength(aead: number): number {
  const { key, nonce } = aeadSizes(aead);
  return Math.max(key, nonce);
}

/**
 * Key and nonce of a response (RFC 9458 section 4.4), counted per chunk as the chunked form does: the whole form is
 * its first message.
 * @throws ERR_CHANNEL_INVALID_ARGUMENT when the secret has not the length that the AEAD asks for
 */
export async function createResponseCipher(
  secrets: ResponseSecrets,
  responseNonce: Uint8Array,
): Promise<SequenceCipher> {
  const sizes = aeadSizes(secrets.aead);
  if (secrets.secret.length !== responseNonceLength(secrets.aead)) {
    throw channelError('ERR_CHANNEL_INVALID_ARGUMENT', { subject: 'exported secret' });
  }
  const key = hkdfExtract(concat(secrets.enc, responseNonce), secrets.secret);
  const aeadKey = hkdfExpand(key, utf8('key'), sizes.key);
  return createSequenceCipher(secrets.aead, aeadKey, hkdfExpand(key, utf8('nonce'), sizes.nonce));
}
