import { concat, fromBase64url } from '@cloister/core';
import type { AeadCipher, Platform, X25519PrivateKey } from './types.ts';
import { X25519_PKCS8_PREFIX } from './types.ts';

const X25519 = { name: 'X25519' } as const;

// WebCrypto's types ask for a plain ArrayBuffer behind a view; a view of shared memory would be refused at run time.
const view = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>;

async function createAeadCipher(_aead: number, key: Uint8Array): Promise<AeadCipher> {
  const secret = await crypto.subtle.importKey('raw', view(key), 'AES-GCM', false, ['encrypt', 'decrypt']);
  const parameters = (nonce: Uint8Array, aad: Uint8Array): AesGcmParams => ({
    name: 'AES-GCM',
    iv: view(nonce),
    additionalData: view(aad),
    tagLength: 128,
  });
  return {
    async seal(nonce, aad, plaintext) {
      return new Uint8Array(await crypto.subtle.encrypt(parameters(nonce, aad), secret, view(plaintext)));
    },
    async open(nonce, aad, ciphertext) {
      try {
        return new Uint8Array(await crypto.subtle.decrypt(parameters(nonce, aad), secret, view(ciphertext)));
      } catch {
        return undefined;
      }
    },
  };
}

function wrapPrivateKey(privateKey: CryptoKey, publicKey: Uint8Array): X25519PrivateKey {
  return {
    publicKey,
    async agree(peer) {
      try {
        const key = await crypto.subtle.importKey('raw', view(peer), X25519, false, []);
        return new Uint8Array(await crypto.subtle.deriveBits({ ...X25519, public: key }, privateKey, 256));
      } catch {
        return undefined;
      }
    },
  };
}

async function generateX25519(): Promise<X25519PrivateKey> {
  const pair = (await crypto.subtle.generateKey(X25519, false, ['deriveBits'])) as CryptoKeyPair;
  return wrapPrivateKey(pair.privateKey, new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
}

async function importX25519(secretKey: Uint8Array): Promise<X25519PrivateKey> {
  const der = concat(X25519_PKCS8_PREFIX, secretKey);
  const extractable = await crypto.subtle.importKey('pkcs8', view(der), X25519, true, ['deriveBits']);
  const { x } = await crypto.subtle.exportKey('jwk', extractable);
  const privateKey = await crypto.subtle.importKey('pkcs8', view(der), X25519, false, ['deriveBits']);
  return wrapPrivateKey(privateKey, fromBase64url(x ?? ''));
}

/** WebCrypto: browsers and every other runtime. It has no ChaCha20-Poly1305. */
export const platform: Platform = { aeads: [1, 2], createAeadCipher, generateX25519, importX25519 };
