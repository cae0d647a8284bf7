import { bigEndian, concat } from '@cloister/core';
import { channelError } from '../errors.ts';
import { kemSizes } from '../hpke/kem.ts';
import type { KeyConfig } from './types.ts';

const isUint16 = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 0xffff;

/**
 * One key configuration (RFC 9458 section 3.1), without the two-byte length of the list form.
 * @throws ERR_CHANNEL_INVALID_ARGUMENT, ERR_CHANNEL_KEM_UNSUPPORTED
 */
export function encodeKeyConfig({ keyId, kem, publicKey, suites }: KeyConfig): Uint8Array {
  const fits = Number.isInteger(keyId) && keyId >= 0 && keyId <= 255 && suites.length >= 1 && suites.length <= 64;
  if (
    !fits ||
    publicKey.length !== kemSizes(kem).publicKey ||
    !suites.every((suite) => isUint16(suite.kdf) && isUint16(suite.aead))
  ) {
    throw channelError('ERR_CHANNEL_INVALID_ARGUMENT', { subject: 'key configuration' });
  }
  return concat(
    Uint8Array.of(keyId),
    bigEndian(kem, 2),
    publicKey,
    bigEndian(suites.length * 4, 2),
    ...suites.flatMap((suite) => [bigEndian(suite.kdf, 2), bigEndian(suite.aead, 2)]),
  );
}
