import { nobleMlKem768 } from './ml-kem.ts';
import { createAeadCipher } from './aead.ts';
import { p256, x25519 } from './dh.ts';
import type { Platform } from '../types.ts';

/** WebCrypto, with libraries for what it lacks: browsers and every other runtime. */
export const platform: Platform = { createAeadCipher, x25519, p256, mlKem768: nobleMlKem768 };
