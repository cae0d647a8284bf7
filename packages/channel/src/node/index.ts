export * from './read-node-stream.ts';
