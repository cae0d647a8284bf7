import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { answer } from './session.ts';

interface HashVector {
  readonly name: string;
  readonly block_size: number;
  readonly token_ids: readonly number[];
  readonly cache_salt: string | null;
  readonly lora_name: string | null;
  readonly lora_path: string | null;
  readonly block_hashes: readonly string[];
  readonly block_hashes_untagged_older_scheme: readonly string[];
}

const file = new URL('../vectors/vllm/hash-vectors.json', import.meta.url);
const { PYTHONHASHSEED: seed, cases } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly PYTHONHASHSEED: string;
  readonly cases: readonly HashVector[];
};

const lineOf = (vector: HashVector, scheme: 'tagged' | 'untagged'): object => ({
  id: vector.name,
  kind: 'block-hashes',
  algo: 'sha256_cbor',
  scheme,
  seed,
  blockSize: vector.block_size,
  tokens: vector.token_ids,
  ...(vector.cache_salt === null ? {} : { salt: vector.cache_salt }),
  ...(vector.lora_name === null ? {} : { lora: { name: vector.lora_name, path: vector.lora_path } }),
});

const saltLine = {
  id: 1,
  kind: 'salt',
  key: '01'.repeat(32),
  identity: '02'.repeat(32),
  model: 'm',
  scope: 'tenant',
  scopeId: 'a',
  epoch: 0,
};

describe('conformance session', () => {
  it.each(cases)('gives the block hashes of the engine: $name', async (vector) => {
    const tagged = await answer(lineOf(vector, 'tagged'));
    const untagged = await answer(lineOf(vector, 'untagged'));
    expect(tagged).toEqual({ id: vector.name, ok: true, value: vector.block_hashes });
    expect(untagged).toEqual({ id: vector.name, ok: true, value: vector.block_hashes_untagged_older_scheme });
  });

  it('gives a salt', async () => {
    expect(await answer(saltLine)).toEqual({
      id: 1,
      ok: true,
      value: 'cs1.f5b-AmdEGRyzqFZ21XGt5Fy1HCYqDvCO3C4eX1zzOdI',
    });
  });

  it('refuses malformed lines and arguments out of range', async () => {
    const blocks = lineOf(cases[0] as HashVector, 'tagged');
    const malformed = [
      { id: 1 },
      { ...saltLine, key: 'zz' },
      { ...saltLine, epoch: '0' },
      { ...blocks, algo: 'sha256' },
      { ...blocks, scheme: 'other' },
      { ...blocks, blockSize: 0 },
      { ...blocks, tokens: [1, -1] },
      { ...blocks, salt: 5 },
      { ...blocks, lora: { name: 'a' } },
    ];
    for (const line of malformed) {
      expect(await answer(line)).toMatchObject({ ok: false, code: 'ERR_CONFORMANCE_MALFORMED_LINE' });
    }
    for (const change of [{ scope: 'world' }, { epoch: -1 }, { key: '00' }, { model: '' }]) {
      await expect(answer({ ...saltLine, ...change })).rejects.toMatchObject({ code: 'ERR_SESSION_DERIVATION' });
    }
  });
});
