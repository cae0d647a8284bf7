export { attestEpoch, type AttestEpochOptions } from './attest-epoch.ts';
export * from './judge-epoch.ts';
export type { EpochStatement } from '../epoch/epoch-statement.ts';
