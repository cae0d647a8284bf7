import { channelError } from '../errors.ts';
import { kemSizes } from '../hpke/kem.ts';
import type { KeyConfig, SymmetricSuite } from './types.ts';

/**
 * One key configuration (RFC 9458 section 3.1) from exactly its bytes, without the two-byte length of the list form.
 * @throws ERR_CHANNEL_MALFORMED_CONFIG, and ERR_CHANNEL_KEM_UNSUPPORTED for a KEM whose key length is not known
 */
export function parseKeyConfig(bytes: Uint8Array): KeyConfig {
  if (bytes.length < 3) throw channelError('ERR_CHANNEL_MALFORMED_CONFIG');
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const kem = words.getUint16(1);
  const end = 3 + kemSizes(kem).publicKey;
  if (bytes.length < end + 6 || words.getUint16(end) !== bytes.length - end - 2 || (bytes.length - end - 2) % 4 !== 0) {
    throw channelError('ERR_CHANNEL_MALFORMED_CONFIG');
  }
  const suites: SymmetricSuite[] = [];
  for (let offset = end + 2; offset < bytes.length; offset += 4) {
    suites.push({ kdf: words.getUint16(offset), aead: words.getUint16(offset + 2) });
  }
  return { keyId: words.getUint8(0), kem, publicKey: bytes.slice(3, end), suites };
}
