export * from './import-receiver-key.ts';
export type { KeyConfig, ReceiverKey, ResponseSecrets, SymmetricSuite } from './types.ts';
