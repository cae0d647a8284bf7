import { createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { concat, importOnce, toBase64url } from '@cloister/core';
import type { DhGroup, DhPrivateKey } from '../types.ts';
import { X25519_PKCS8_PREFIX } from '../der-prefixes.ts';

/** A client seals to one key again and again; reading it costs as much as the agreement. */
const importPublicKey = importOnce((publicKey) =>
  createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: toBase64url(publicKey) }, format: 'jwk' }),
);

function wrapPrivateKey(privateKey: KeyObject, publicKey: KeyObject): DhPrivateKey {
  return {
    publicKey: new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')),
    agree(peer) {
      try {
        const secret = diffieHellman({ privateKey, publicKey: importPublicKey(peer) });
        return new Uint8Array(secret.buffer, secret.byteOffset, secret.length);
      } catch {
        return undefined;
      }
    },
  };
}

function generate(): DhPrivateKey {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  return wrapPrivateKey(privateKey, publicKey);
}

function importPrivateKey(secretKey: Uint8Array): DhPrivateKey {
  const der = Buffer.from(concat(X25519_PKCS8_PREFIX, secretKey));
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return wrapPrivateKey(privateKey, createPublicKey(privateKey));
}

/** X25519 (RFC 7748) through OpenSSL. */
export const x25519: DhGroup = { generate, importPrivateKey };
