export * from './behaviours.ts';
export { createHostileStore, type HostileStore } from './create-hostile-store.ts';
export type { KitAnswer, KitCaller, KitWorld } from './kit/kit-world.ts';
export { runHostileKit, type HostileKitOptions, type KitResult } from './kit/run-hostile-kit.ts';
