import * as nodeCrypto from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { concat, importOnce } from '@cloister/core';
import { ML_KEM_768_PKCS8_PREFIX, ML_KEM_768_SPKI_PREFIX } from '../der-prefixes.ts';
import { nobleMlKem768 } from '../portable/ml-kem.ts';
import type { MlKem, MlKemPrivateKey } from '../types.ts';

const PUBLIC_KEY_BYTES = 1184;

function bytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}

function importSeed(seed: Uint8Array): MlKemPrivateKey {
  const der = Buffer.from(concat(ML_KEM_768_PKCS8_PREFIX, seed));
  const privateKey = nodeCrypto.createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  const spki = nodeCrypto.createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return {
    publicKey: bytes(spki.subarray(-PUBLIC_KEY_BYTES)),
    decapsulate: (ciphertext) => bytes(nodeCrypto.decapsulate(privateKey, ciphertext)),
  };
}

const importPublicKey = importOnce((publicKey): KeyObject | undefined => {
  const key = Buffer.from(concat(ML_KEM_768_SPKI_PREFIX, publicKey));
  try {
    return nodeCrypto.createPublicKey({ key, format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
});

const openSsl: MlKem = {
  importSeed,
  encapsulate(publicKey) {
    const key = importPublicKey(publicKey);
    if (key === undefined) return undefined;
    const made = nodeCrypto.encapsulate(key);
    return { ciphertext: bytes(made.ciphertext), sharedSecret: bytes(made.sharedKey) };
  },
};

/** ML-KEM-768 through OpenSSL 3.5 (Node 24.7); a library on older releases, ten times slower. */
export async function mlKem768(): Promise<MlKem> {
  return hasMlKem() ? openSsl : nobleMlKem768();
}

function hasMlKem(): boolean {
  const [major = 0, minor = 0] = (process.versions.openssl ?? '').split('.').map(Number);
  return typeof nodeCrypto.encapsulate === 'function' && (major > 3 || (major === 3 && minor >= 5));
}
