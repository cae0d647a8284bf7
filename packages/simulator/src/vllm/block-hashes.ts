import { sha256 } from '@cloister/core';
import { encodeCanonicalCbor, type CborValue } from './canonical-cbor.ts';

/**
 * How salt and adapter enter a block's hash. `tagged`: vLLM 0.31 and later, `("cache_salt", salt)` and
 * `("lora", name, path)`. `untagged`: before, bare strings in one tuple.
 */
export type BlockHashScheme = 'tagged' | 'untagged';

/** The seed text of vLLM 0.29 and later when `PYTHONHASHSEED` is unset. */
export const DEFAULT_HASH_SEED = 'vllm-none-hash';

/** What besides the tokens identifies a cached block. */
export interface BlockHashOptions {
  /** Tokens in a block, at least 1. */
  readonly blockSize: number;
  readonly scheme?: BlockHashScheme;
  /** The value of `PYTHONHASHSEED`; the default is `DEFAULT_HASH_SEED`. */
  readonly seed?: string;
  /** The request's `cache_salt`; it enters block 0 alone and reaches later blocks through the chain. */
  readonly salt?: string;
  /** The adapter of the request; it enters every block. */
  readonly lora?: { readonly name: string; readonly path: string };
}

function extraKeys(options: BlockHashOptions, first: boolean): CborValue {
  const { scheme = 'tagged', salt, lora } = options;
  const tagged = scheme === 'tagged';
  const keys: CborValue[] = [];
  if (lora !== undefined) keys.push(tagged ? ['lora', lora.name, lora.path] : lora.name);
  if (first && salt !== undefined) keys.push(tagged ? ['cache_salt', salt] : salt);
  return keys.length === 0 ? null : keys;
}

/**
 * The hashes (32 bytes each) of a prompt's full blocks, as vLLM's `sha256_cbor` computes them: the chain starts with
 * SHA-256(CBOR(seed)) and each block hashes CBOR of (parent, token ids, extra keys or null). A partial last block has none.
 * @throws RangeError when the block size is not a positive integer or a token id is not a non-negative safe integer
 */
export function createBlockHashes(tokens: readonly number[], options: BlockHashOptions): readonly Uint8Array[] {
  const { blockSize, seed = DEFAULT_HASH_SEED } = options;
  if (!Number.isSafeInteger(blockSize) || blockSize < 1) throw new RangeError('a block holds at least one token');
  const hashes: Uint8Array[] = [];
  let parent = sha256(encodeCanonicalCbor(seed));
  for (let start = 0; start + blockSize <= tokens.length; start += blockSize) {
    parent = sha256(
      encodeCanonicalCbor([parent, tokens.slice(start, start + blockSize), extraKeys(options, start === 0)]),
    );
    hashes.push(parent);
  }
  return hashes;
}
