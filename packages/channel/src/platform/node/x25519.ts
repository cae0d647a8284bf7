import { createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { concat, equalBytes } from '@cloister/core';
import type { DhGroup, DhPrivateKey } from '../types.ts';
import { X25519_PKCS8_PREFIX } from '../der-prefixes.ts';

/** Key objects by the array they were read from, with the bytes at that time: a client seals to one key again and again. */
const importedKeys = new WeakMap<Uint8Array, { readonly bytes: Uint8Array; readonly key: KeyObject }>();

function importPublicKey(publicKey: Uint8Array): KeyObject {
  const known = importedKeys.get(publicKey);
  if (known !== undefined && equalBytes(known.bytes, publicKey)) return known.key;
  const bytes = Buffer.from(publicKey);
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: bytes.toString('base64url') }, format: 'jwk' });
  importedKeys.set(publicKey, { bytes, key });
  return key;
}

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
