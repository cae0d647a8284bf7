export type { HpkeContext, HpkeContextOptions } from './context.ts';
export * from './create-hpke-receiver.ts';
export * from './create-hpke-sender.ts';
export * from './import-hpke-private-key.ts';
export type { Encapsulation, Kem, KemPrivateKey } from './kem.ts';
export type { SequenceCipher } from './sequence-cipher.ts';
export { AEAD, KDF_HKDF_SHA256, KEM } from './suite.ts';
export type { HpkeSuite } from './suite.ts';
