export * from './openai-embedder.ts';
