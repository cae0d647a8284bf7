export * from './audit-log.ts';
export * from './verify-log.ts';
