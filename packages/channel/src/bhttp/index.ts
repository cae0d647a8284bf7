export * from './encode-message.ts';
export * from './parse-message.ts';
export type * from './types.ts';
