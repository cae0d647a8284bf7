import { describe, expect, it } from 'vitest';
import { createPrefixCache, type PrefixCache } from './prefix-cache.ts';

const hashes = (...names: number[]): Uint8Array[] => names.map((value) => Uint8Array.of(value));

/** Serves a request from start to end; gives how many blocks it found. */
function serve(cache: PrefixCache, ...names: number[]): number {
  const lease = cache.acquire(hashes(...names), names.length);
  lease.commit(hashes(...names));
  lease.release();
  return lease.hits;
}

describe('createPrefixCache', () => {
  it('finds the longest leading chain and nothing after a gap', () => {
    const cache = createPrefixCache(8);
    expect(serve(cache, 1, 2, 3)).toBe(0);
    expect(serve(cache, 1, 2, 3)).toBe(3);
    expect(serve(cache, 1, 2, 9)).toBe(2);
    expect(serve(cache, 8, 2, 3)).toBe(0);
    expect(cache.acquire(hashes(1, 2, 3), 2).hits).toBe(2);
  });

  it('evicts the least recently used block, the end of a chain first', () => {
    const cache = createPrefixCache(4);
    serve(cache, 1, 2);
    serve(cache, 3, 4);
    serve(cache, 1, 2);
    serve(cache, 5);
    expect(cache.size).toBe(4);
    expect(cache.acquire(hashes(3, 4), 2).hits).toBe(1);
    expect(cache.acquire(hashes(1, 2), 2).hits).toBe(2);
  });

  it('never evicts what a running request holds, and caches no more than fits', () => {
    const cache = createPrefixCache(2);
    const lease = cache.acquire(hashes(1, 2), 2);
    lease.commit(hashes(1, 2));
    expect(serve(cache, 3)).toBe(0);
    expect(serve(cache, 3)).toBe(0);
    expect(serve(cache, 1, 2)).toBe(2);
    expect(cache.reset()).toBe(false);
    lease.release();
    lease.release();
    expect(serve(cache, 3)).toBe(0);
    expect(serve(cache, 3)).toBe(1);
    expect(cache.reset()).toBe(true);
    expect(cache.size).toBe(0);
  });
});
