/** Milliseconds since the epoch, as `Date.now`. Given as a value so that verdicts can be reproduced. */
export interface Clock {
  now(): number;
}

/** Cryptographically strong random bytes. */
export type RandomSource = (length: number) => Uint8Array;

/** The machine's wall clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** The platform's generator (`crypto.getRandomValues`), at most 65,536 bytes a call, in memory that `zero` reaches for good (`offHeap`). */
export const systemRandom: RandomSource = (length) =>
  globalThis.crypto.getRandomValues(new Uint8Array(new ArrayBuffer(length)));
