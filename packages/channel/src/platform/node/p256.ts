import { createECDH } from 'node:crypto';
import type { ECDH } from 'node:crypto';
import type { DhGroup, DhPrivateKey } from '../types.ts';

const CURVE = 'prime256v1';

function bytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}

function wrap(key: ECDH): DhPrivateKey {
  return {
    publicKey: bytes(key.getPublicKey()),
    agree(peer) {
      try {
        return bytes(key.computeSecret(peer)); // OpenSSL refuses what is not on the curve
      } catch {
        return undefined;
      }
    },
  };
}

function generate(): DhPrivateKey {
  const key = createECDH(CURVE);
  key.generateKeys();
  return wrap(key);
}

function importPrivateKey(secretKey: Uint8Array): DhPrivateKey | undefined {
  const key = createECDH(CURVE);
  try {
    key.setPrivateKey(secretKey);
    return wrap(key);
  } catch {
    return undefined;
  }
}

/** P-256 (SEC 1, FIPS 186-5) through OpenSSL. */
export const p256: DhGroup = { generate, importPrivateKey };
