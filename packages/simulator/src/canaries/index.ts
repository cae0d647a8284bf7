export * from './capture-output.ts';
export * from './create-canaries.ts';
export * from './find-canaries.ts';
export * from './read-folder.ts';
export * from './read-memory.ts';
