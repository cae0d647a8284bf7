import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { concat, fromBase64url } from '@cloister/core';

/** A P-256 key of the simulated hardware or its vendor. Lives in memory only. */
export interface SigningKey {
  /** x || y, 64 bytes. */
  readonly publicKey: Uint8Array;
  /** ECDSA-SHA-256 as r || s, 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
  /** The same as an ECDSA-Sig-Value in DER. */
  signDer(message: Uint8Array): Uint8Array;
}

function coordinates(key: KeyObject): Uint8Array {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  return concat(fromBase64url(x), fromBase64url(y));
}

/** A new random key. */
export function createSigningKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    publicKey: coordinates(publicKey),
    sign: (message) => sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
    signDer: (message) => sign('sha256', message, { key: privateKey, dsaEncoding: 'der' }),
  };
}
