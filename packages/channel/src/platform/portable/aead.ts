import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import type { AeadCipher } from '../types.ts';
import { view } from './view.ts';

const CHACHA20_POLY1305 = 3;

/** AES-GCM through WebCrypto; it has no ChaCha20-Poly1305, so a library does that. */
export async function createAeadCipher(aead: number, key: Uint8Array): Promise<AeadCipher> {
  return aead === CHACHA20_POLY1305 ? createChaCha20Poly1305(key) : createAesGcm(key);
}

function createChaCha20Poly1305(key: Uint8Array): AeadCipher {
  return {
    seal: (nonce, aad, plaintext) => chacha20poly1305(key, nonce, aad).encrypt(plaintext),
    open(nonce, aad, ciphertext) {
      try {
        return chacha20poly1305(key, nonce, aad).decrypt(ciphertext);
      } catch {
        return undefined;
      }
    },
  };
}

async function createAesGcm(key: Uint8Array): Promise<AeadCipher> {
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
