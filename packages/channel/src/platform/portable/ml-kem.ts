import type { MlKem } from '../types.ts';

/** ML-KEM-768 in JavaScript, loaded at the first use: most runtimes have it themselves or never need it. */
export async function nobleMlKem768(): Promise<MlKem> {
  const { ml_kem768: kem } = await import('@noble/post-quantum/ml-kem.js');
  return {
    importSeed(seed) {
      const { publicKey, secretKey } = kem.keygen(seed);
      return { publicKey, decapsulate: (ciphertext) => kem.decapsulate(ciphertext, secretKey) };
    },
    encapsulate(publicKey) {
      try {
        const { cipherText: ciphertext, sharedSecret } = kem.encapsulate(publicKey);
        return { ciphertext, sharedSecret };
      } catch {
        return undefined;
      }
    },
  };
}
