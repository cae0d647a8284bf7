import { createAeadCipher } from './aead.ts';
import { fromByteString, toByteString } from './byte-string.ts';
import { mlKem768 } from './ml-kem.ts';
import { p256 } from './p256.ts';
import { sha3 } from './sha3.ts';
import { x25519 } from './x25519.ts';
import type { Platform } from '../types.ts';

/** OpenSSL through `node:crypto`. */
export const platform: Platform = { createAeadCipher, x25519, p256, toByteString, fromByteString, sha3, mlKem768 };
