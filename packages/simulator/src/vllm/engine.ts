import { setTimeout as sleep } from 'node:timers/promises';
import { createBlockHashes } from './block-hashes.ts';
import type { ResolvedOptions } from './options.ts';
import { createPrefixCache, type PrefixCache } from './prefix-cache.ts';

/** Counters since the start, as vLLM's metrics count them (tokens). */
export interface EngineCounters {
  queriedTokens: number;
  hitTokens: number;
  promptTokens: number;
  generatedTokens: number;
  running: number;
}

/** A request whose prompt is in the cache. */
export interface Admission {
  /** Prompt tokens that were read from the cache: whole blocks, never the whole prompt. */
  readonly cachedTokens: number;
  /** Prompt tokens in full blocks that were computed for this request. */
  readonly createdTokens: number;
  /** Waits for one generated token. */
  step(): Promise<void>;
  /** Ends the request; blocks filled by `generated` join the cache. Must be called once. */
  finish(generated: readonly number[]): void;
}

/** The part of vLLM that schedules requests over the prefix cache. */
export interface Engine {
  /**
   * Computes a prompt. @param connector whether a second cache, which knows no salts, is asked too
   * @throws the signal's reason when it aborts
   */
  admit(
    tokens: readonly number[],
    salt: string | undefined,
    signal: AbortSignal,
    connector: boolean,
  ): Promise<Admission>;
  /** Begins anew with an empty cache, as after a crash. */
  restart(): void;
  readonly cache: PrefixCache;
  /** Milliseconds since the epoch. */
  readonly bootedAt: number;
  readonly counters: Readonly<EngineCounters>;
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (milliseconds > 0) await sleep(milliseconds, undefined, { signal });
}

/** How many leading blocks a cache without salts has; it keeps all of them. */
function findUnsalted(cache: PrefixCache, hashes: readonly Uint8Array[], most: number): number {
  const lease = cache.acquire(hashes, most);
  lease.commit(hashes);
  lease.release();
  return lease.hits;
}

/** Builds the engine of one stand-in. Nothing is computed: time passes as the options say, and blocks are kept by hash. */
export function createEngine(options: ResolvedOptions): Engine {
  const { blockSize, hashScheme: scheme, hashSeed: seed } = options;
  let [cache, unsalted] = [createPrefixCache(options.blocks), createPrefixCache(options.blocks)];
  let bootedAt = options.clock.now();
  const counters: EngineCounters = { queriedTokens: 0, hitTokens: 0, promptTokens: 0, generatedTokens: 0, running: 0 };

  return {
    get cache() {
      return cache;
    },
    get bootedAt() {
      return bootedAt;
    },
    counters,
    restart() {
      [cache, unsalted] = [createPrefixCache(options.blocks), createPrefixCache(options.blocks)];
      bootedAt = Math.max(options.clock.now(), bootedAt + 1);
    },
    async admit(tokens, salt, signal, connector) {
      const hashed = { blockSize, scheme, seed, ...(salt === undefined ? {} : { salt }) };
      const hashes = createBlockHashes(tokens, hashed);
      const most = options.prefixCaching ? Math.floor((tokens.length - 1) / blockSize) : 0;
      const lease = cache.acquire(hashes, most);
      const found = connector
        ? findUnsalted(unsalted, createBlockHashes(tokens, { blockSize, scheme, seed }), most)
        : 0;
      const cachedTokens = Math.max(lease.hits, found) * blockSize;
      counters.running += 1;
      counters.queriedTokens += tokens.length;
      counters.hitTokens += cachedTokens;
      try {
        await pause((tokens.length - cachedTokens) * options.millisecondsPerUncachedToken, signal);
      } catch (error) {
        counters.running -= 1;
        lease.release();
        throw error;
      }
      lease.commit(hashes);
      counters.promptTokens += tokens.length;
      return {
        cachedTokens,
        createdTokens: hashes.length * blockSize - cachedTokens,
        async step() {
          await pause(options.millisecondsPerGeneratedToken, signal);
          counters.generatedTokens += 1;
        },
        finish(generated) {
          counters.running -= 1;
          // The last token was sampled but never fed back, so its key and value do not exist yet.
          lease.commit(createBlockHashes([...tokens, ...generated.slice(0, -1)], hashed));
          lease.release();
        },
      };
    },
  };
}
