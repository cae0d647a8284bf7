export * from './cache-scope.ts';
export * from './create-session.ts';
export * from './derive-cache-salt.ts';
export * from './derive-engine-salt.ts';
export type { SessionErrorCode } from './errors.ts';
