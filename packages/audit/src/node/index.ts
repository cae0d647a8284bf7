export * from './audit-log.ts';
export type { AttestEpoch } from './epoch-keys.ts';
export type { LogFiles } from './log-directory.ts';
export * from './prove-event.ts';
export * from './read-log.ts';
export * from './verify-log.ts';
