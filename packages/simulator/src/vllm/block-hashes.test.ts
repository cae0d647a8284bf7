import { readFileSync } from 'node:fs';
import { fromHex, toHex } from '@cloister/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBlockHashes, DEFAULT_HASH_SEED } from './block-hashes.ts';
import { encodeCanonicalCbor } from './canonical-cbor.ts';

interface HashVector {
  readonly block_size: number;
  readonly token_ids: number[];
  readonly cache_salt: string | null;
  readonly lora_name: string | null;
  readonly first_block_cbor_hex: string;
}

const file = new URL('../../../../test/vectors/vllm/hash-vectors.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly none_hash: string;
  readonly none_hash_when_PYTHONHASHSEED_unset: string;
  readonly default_seed_when_PYTHONHASHSEED_unset: string;
  readonly cases: readonly HashVector[];
};

describe('encodeCanonicalCbor', () => {
  it('encodes the first block of every vector byte by byte', () => {
    expect(vectors.cases.length).toBe(8);
    for (const { token_ids, block_size, cache_salt, lora_name, first_block_cbor_hex } of vectors.cases) {
      const keys = [
        ...(lora_name === null ? [] : [['lora', lora_name, '/adapters/a']]),
        ...(cache_salt === null ? [] : [['cache_salt', cache_salt]]),
      ];
      const block = [fromHex(vectors.none_hash), token_ids.slice(0, block_size), keys.length === 0 ? null : keys];
      expect(toHex(encodeCanonicalCbor(block))).toBe(first_block_cbor_hex);
    }
  });

  it('uses the shortest form of integers (RFC 8949 appendix A)', () => {
    const examples: [number, string][] = [
      [0, '00'],
      [23, '17'],
      [24, '1818'],
      [255, '18ff'],
      [256, '190100'],
      [65_535, '19ffff'],
      [65_536, '1a00010000'],
      [1_000_000_000_000, '1b000000e8d4a51000'],
    ];
    for (const [value, hex] of examples) expect(toHex(encodeCanonicalCbor(value))).toBe(hex);
    for (const value of [-1, 0.5, Number.NaN, 2 ** 53]) expect(() => encodeCanonicalCbor(value)).toThrow(RangeError);
  });
});

describe('createBlockHashes', () => {
  it('starts the chain from the fixed seed when none is given', () => {
    expect(DEFAULT_HASH_SEED).toBe(vectors.default_seed_when_PYTHONHASHSEED_unset);
    const [fixed] = createBlockHashes([1], { blockSize: 1 });
    const [zero] = createBlockHashes([1], { blockSize: 1, seed: '0' });
    expect(toHex(fixed ?? fromHex(''))).not.toBe(toHex(zero ?? fromHex('')));
    expect(() => createBlockHashes([1], { blockSize: 0 })).toThrow(RangeError);
  });

  it('shares exactly the common prefix, and nothing across salts', () => {
    const tokens = fc.array(fc.nat(), { minLength: 8, maxLength: 40 });
    fc.assert(
      fc.property(tokens, fc.nat({ max: 40 }), fc.string({ minLength: 1 }), (ids, place, salt) => {
        const changed = ids.map((id, index) => (index === place ? id + 1 : id));
        const hex = (list: readonly number[], key?: string): string[] =>
          createBlockHashes(list, { blockSize: 4, ...(key === undefined ? {} : { salt: key }) }).map(toHex);
        const [left, right] = [hex(ids), hex(changed)];
        const shared = left.filter((hash, index) => hash === right[index]).length;
        expect(shared).toBe(Math.min(left.length, Math.floor(place / 4)));
        expect(hex(ids, salt).some((hash) => left.includes(hash))).toBe(false);
      }),
    );
  });

  it('tells a salt from an adapter of the same name in the tagged scheme only', () => {
    const lora = { name: 'x', path: '' };
    const both = (scheme: 'tagged' | 'untagged'): string[] =>
      [{ salt: 'x' }, { lora }].map((keys) =>
        createBlockHashes([1], { blockSize: 1, scheme, ...keys })
          .map(toHex)
          .join(' '),
      );
    expect(new Set(both('tagged')).size).toBe(2);
    expect(new Set(both('untagged')).size).toBe(1);
  });
});
