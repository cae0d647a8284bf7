import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import type { CipherGCMTypes, KeyObject } from 'node:crypto';
import type { AeadCipher } from '../types.ts';

const TAG_BYTES = 16;
const OPTIONS = { authTagLength: TAG_BYTES };

// The typings know GCM by name; ChaCha20-Poly1305 takes the same calls.
const NAMES: Readonly<Record<number, CipherGCMTypes>> = {
  1: 'aes-128-gcm',
  2: 'aes-256-gcm',
  3: 'chacha20-poly1305' as CipherGCMTypes,
};

/** All three AEADs through OpenSSL: synchronous, so that a small chunk costs microseconds. */
export function createAeadCipher(aead: number, key: Uint8Array): AeadCipher {
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
