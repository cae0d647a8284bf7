import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  generateKeyPairSync,
} from 'node:crypto';
import type { CipherGCMTypes, KeyObject } from 'node:crypto';
import { concat, equalBytes } from '@cloister/core';
import type { AeadCipher, Platform, X25519PrivateKey } from './types.ts';
import { X25519_PKCS8_PREFIX } from './types.ts';

const TAG_BYTES = 16;
const OPTIONS = { authTagLength: TAG_BYTES };

// The typings know GCM by name; ChaCha20-Poly1305 takes the same calls.
const NAMES: Readonly<Record<number, CipherGCMTypes>> = {
  1: 'aes-128-gcm',
  2: 'aes-256-gcm',
  3: 'chacha20-poly1305' as CipherGCMTypes,
};

function createAeadCipher(aead: number, key: Uint8Array): AeadCipher {
  const name = NAMES[aead] as CipherGCMTypes;
  const secret = createSecretKey(key);
  return {
    seal(nonce, aad, plaintext) {
      const cipher = createCipheriv(name, secret, nonce, OPTIONS);
      if (aad.length > 0) cipher.setAAD(aad, { plaintextLength: plaintext.length });
      const sealed = new Uint8Array(plaintext.length + TAG_BYTES);
      sealed.set(cipher.update(plaintext));
      cipher.final();
      sealed.set(cipher.getAuthTag(), plaintext.length);
      return sealed;
    },
    open: (nonce, aad, ciphertext) => openWith(name, secret, nonce, aad, ciphertext),
  };
}

function openWith(
  name: CipherGCMTypes,
  secret: KeyObject,
  nonce: Uint8Array,
  aad: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array | undefined {
  const length = ciphertext.length - TAG_BYTES;
  if (length < 0) return undefined;
  const decipher = createDecipheriv(name, secret, nonce, OPTIONS);
  decipher.setAuthTag(ciphertext.subarray(length));
  if (aad.length > 0) decipher.setAAD(aad, { plaintextLength: length });
  const opened = decipher.update(ciphertext.subarray(0, length));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return new Uint8Array(opened.buffer, opened.byteOffset, opened.length);
}

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

function wrapPrivateKey(privateKey: KeyObject, publicKey: KeyObject): X25519PrivateKey {
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

function generateX25519(): X25519PrivateKey {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  return wrapPrivateKey(privateKey, publicKey);
}

function importX25519(secretKey: Uint8Array): X25519PrivateKey {
  const der = Buffer.from(concat(X25519_PKCS8_PREFIX, secretKey));
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return wrapPrivateKey(privateKey, createPublicKey(privateKey));
}

/** OpenSSL through `node:crypto`: synchronous, so that a small chunk costs microseconds; all three AEADs. */
export const platform: Platform = { aeads: [1, 2, 3], createAeadCipher, generateX25519, importX25519 };
