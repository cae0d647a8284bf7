import { toHex } from '@cloister/core';

/** A request's hold on the blocks it found or made. Held blocks are never evicted. */
export interface BlockLease {
  /** How many leading blocks were already in the cache. */
  readonly hits: number;
  /** Puts blocks into the cache once they are computed; already held ones are skipped. */
  commit(hashes: readonly Uint8Array[]): void;
  /** Lets go; the last block of the chain becomes the first to be evicted. */
  release(): void;
}

/** A bounded pool of cached blocks with least-recently-used eviction. */
export interface PrefixCache {
  /** Finds the longest cached chain of at most `limit` blocks and holds it. */
  acquire(hashes: readonly Uint8Array[], limit: number): BlockLease;
  /** Forgets every block, unless one is held: then nothing happens and the answer is false, as in vLLM. */
  reset(): boolean;
  /** How many blocks are cached. */
  readonly size: number;
}

/** @param capacity how many blocks fit, at least 1 */
export function createPrefixCache(capacity: number): PrefixCache {
  /** Hex hash to number of holders, least recently used first (a Map iterates in insertion order). */
  const blocks = new Map<string, number>();

  const touch = (key: string, change: number): void => {
    const holders = (blocks.get(key) ?? 0) + change;
    blocks.delete(key);
    blocks.set(key, holders);
  };
  const makeRoom = (): boolean => {
    if (blocks.size < capacity) return true;
    for (const [key, holders] of blocks) {
      if (holders === 0) return blocks.delete(key);
    }
    return false;
  };

  return {
    acquire(hashes, limit) {
      const held = new Set<string>();
      for (const hash of hashes.slice(0, limit)) {
        const key = toHex(hash);
        if (!blocks.has(key)) break;
        touch(key, 1);
        held.add(key);
      }
      return {
        hits: held.size,
        commit(computed) {
          for (const key of computed.map(toHex)) {
            if (held.has(key) || (!blocks.has(key) && !makeRoom())) continue;
            touch(key, 1);
            held.add(key);
          }
        },
        release() {
          for (const key of [...held].toReversed()) touch(key, -1);
          held.clear();
        },
      };
    },
    reset() {
      for (const holders of blocks.values()) if (holders > 0) return false;
      blocks.clear();
      return true;
    },
    get size() {
      return blocks.size;
    },
  };
}
