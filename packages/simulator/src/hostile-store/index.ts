export * from './behaviours.ts';
export { createHostileStore, type HostileStore } from './create-hostile-store.ts';
