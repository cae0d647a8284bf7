import { hash } from 'node:crypto';

/** SHA3-256 (FIPS 202) through OpenSSL. */
export function sha3(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(hash('sha3-256', bytes, 'buffer'));
}
