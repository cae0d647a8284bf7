export * from './transformers-embedder.ts';
