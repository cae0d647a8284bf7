import { systemClock, systemRandom, type Clock, type RandomSource } from '@cloister/core';
import { simulatorError } from '../errors.ts';
import { DEFAULT_HASH_SEED, type BlockHashScheme } from './block-hashes.ts';

/** A fault to show on generate requests, until another one or none is set. */
export type VllmFault =
  /** Ends an event stream after `events` events: politely without `[DONE]`, by closing the socket, or by resetting it. */
  | { readonly kind: 'cut'; readonly events: number; readonly how: 'end' | 'fin' | 'rst' }
  /** Answers with an error instead: status 400 to 599, vLLM's error shape around `message`. */
  | { readonly kind: 'error'; readonly status: number; readonly message: string }
  /**
   * Loses salts: a proxy that removes them (`dropped`), renames the member (`misspelt`) or replaces every salt by one
   * (`constant`), or a second cache behind the first that leaves them out of its keys (`connector`).
   */
  | { readonly kind: 'salt'; readonly how: 'dropped' | 'misspelt' | 'constant' | 'connector' };

/** How a stand-in behaves. Every member has a default. */
export interface VllmStandInOptions {
  /** TCP port on 127.0.0.1; 0 (the default) takes a free one. */
  readonly port?: number;
  /** The served model's name. */
  readonly model?: string;
  /** What `--api-key` would hold; absent: no authentication. */
  readonly apiKey?: string;
  /** `generate` serves chat and completions, `pooling` serves embeddings, as vLLM's `--runner`. */
  readonly runner?: 'generate' | 'pooling';
  /** Tokens in a cache block: 16 as on GPUs; vLLM on CPU uses 128. */
  readonly blockSize?: number;
  /** Blocks in the pool. */
  readonly blocks?: number;
  /** `max_model_len` in tokens. */
  readonly maxModelLength?: number;
  /** How the salt enters block hashes: `tagged` (vLLM 0.31 and later) or `untagged`. */
  readonly hashScheme?: BlockHashScheme;
  /** `--enable-prefix-caching`; on by default. */
  readonly prefixCaching?: boolean;
  /** `PYTHONHASHSEED`. */
  readonly hashSeed?: string;
  /** `--enable-prompt-tokens-details`; on by default, because tests read `cached_tokens`. */
  readonly promptTokensDetails?: boolean;
  /** `VLLM_SERVER_DEV_MODE`: adds `/reset_prefix_cache`. */
  readonly developmentMode?: boolean;
  /** Milliseconds of prefill for each token that is not in the cache. */
  readonly millisecondsPerUncachedToken?: number;
  /** Milliseconds for each generated token. */
  readonly millisecondsPerGeneratedToken?: number;
  /** The fault to start with. */
  readonly fault?: VllmFault;
  readonly clock?: Clock;
  readonly random?: RandomSource;
}

/** Options with every default filled in. */
export interface ResolvedOptions extends Required<Omit<VllmStandInOptions, 'apiKey' | 'fault'>> {
  readonly apiKey: string | undefined;
  readonly fault: VllmFault | undefined;
}

const INTEGERS: readonly (readonly [
  name: 'port' | 'blockSize' | 'blocks' | 'maxModelLength',
  low: number,
  high: number,
])[] = [
  ['port', 0, 65_535],
  ['blockSize', 1, 1024],
  ['blocks', 1, 1_000_000],
  ['maxModelLength', 2, 1_000_000],
];

/**
 * Fills in the defaults.
 * @throws CloisterError `ERR_SIMULATOR_OPTION` naming the option that is out of range
 */
export function resolveOptions(options: VllmStandInOptions): ResolvedOptions {
  const resolved: ResolvedOptions = {
    port: 0,
    model: 'cloister-stand-in',
    runner: 'generate',
    blockSize: 16,
    blocks: 4096,
    maxModelLength: 32_768,
    hashScheme: 'tagged',
    prefixCaching: true,
    hashSeed: DEFAULT_HASH_SEED,
    promptTokensDetails: true,
    developmentMode: false,
    millisecondsPerUncachedToken: 0,
    millisecondsPerGeneratedToken: 0,
    clock: systemClock,
    random: systemRandom,
    ...options,
    apiKey: options.apiKey,
    fault: options.fault,
  };
  for (const [name, low, high] of INTEGERS) {
    const value = resolved[name];
    if (!Number.isSafeInteger(value) || value < low || value > high)
      throw simulatorError('ERR_SIMULATOR_OPTION', { subject: name });
  }
  for (const name of ['millisecondsPerUncachedToken', 'millisecondsPerGeneratedToken'] as const) {
    if (!(resolved[name] >= 0 && resolved[name] <= 60_000))
      throw simulatorError('ERR_SIMULATOR_OPTION', { subject: name });
  }
  return resolved;
}
