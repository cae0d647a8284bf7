export * from './qdrant-store.ts';
