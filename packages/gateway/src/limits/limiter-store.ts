import { type RateLimiterAbstract, RateLimiterMemory } from 'rate-limiter-flexible';

/** One counter: so many points per minute and key. */
export interface CounterOptions {
  /** Keeps counters of different kinds apart in one store. */
  readonly keyPrefix: string;
  /** Points per minute. */
  readonly points: number;
}

/** Where counters live. */
export interface LimiterStore {
  /** A counter in this store (package `rate-limiter-flexible`). */
  createCounter(options: CounterOptions): RateLimiterAbstract;
}

/** Counters of this process alone: what holds unless a store is given. */
export const memoryLimits: LimiterStore = {
  createCounter: ({ keyPrefix, points }) => new RateLimiterMemory({ keyPrefix, points, duration: 60 }),
};
