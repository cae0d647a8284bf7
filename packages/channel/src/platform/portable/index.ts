import { sha3_256 } from '@noble/hashes/sha3.js';
import { nobleMlKem768 } from './ml-kem.ts';
import { createAeadCipher } from './aead.ts';
import { fromByteString, toByteString } from './byte-string.ts';
import { p256, x25519 } from './dh.ts';
import type { Platform } from '../types.ts';

/** WebCrypto, with libraries for what it lacks: browsers and every other runtime. */
export const platform: Platform = {
  createAeadCipher,
  x25519,
  p256,
  toByteString,
  fromByteString,
  sha3: sha3_256,
  mlKem768: nobleMlKem768,
};
