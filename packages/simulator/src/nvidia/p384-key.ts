import { generateKeyPairSync, sign } from 'node:crypto';
import { concat, fromBase64url } from '@cloister/core';

/** A P-384 key of a simulated device or its vendor. Lives in memory only. */
export interface P384Key {
  /** x || y, 96 bytes. */
  readonly publicKey: Uint8Array;
  /** ECDSA-SHA-384 as r || s, 96 bytes, or as an ECDSA-Sig-Value in DER. */
  sign(message: Uint8Array, form: 'ieee-p1363' | 'der'): Uint8Array;
}

/** A new random key. */
export function createP384Key(): P384Key {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return {
    publicKey: concat(fromBase64url(x), fromBase64url(y)),
    sign: (message, form) => sign('sha384', message, { key: privateKey, dsaEncoding: form }),
  };
}
