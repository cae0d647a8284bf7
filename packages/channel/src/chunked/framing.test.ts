import { concat, utf8 } from '@cloister/core';
import { expect, test } from 'vitest';
import { codeOf } from '../../test/support.ts';
import { encodeVarint } from '../bhttp/varint.ts';
import type { SequenceCipher } from '../hpke/sequence-cipher.ts';
import { createSequenceCipher } from '../hpke/sequence-cipher.ts';
import { ByteReader } from '../stream/byte-reader.ts';
import { collect } from './chunk-list.ts';
import { openChunks } from './chunks.ts';

const NOTHING = new Uint8Array(0);
const createCipher = (sequence = 0): Promise<SequenceCipher> =>
  createSequenceCipher(2, new Uint8Array(32), new Uint8Array(12), sequence);

/** A peer that seals whatever it likes: plaintext chunks with the length prefix it likes. */
async function craft(
  ...chunks: readonly { readonly plaintext: Uint8Array; readonly length?: number }[]
): Promise<Uint8Array> {
  const cipher = await createCipher();
  const parts: Uint8Array[] = [];
  for (const { plaintext, length } of chunks) {
    const sealed = await cipher.seal(length === 0 ? utf8('final') : NOTHING, plaintext);
    parts.push(encodeVarint(length ?? sealed.length), sealed);
  }
  return concat(...parts);
}

async function open(wire: Uint8Array): Promise<Uint8Array[]> {
  const pieces = [wire];
  return collect(openChunks(new ByteReader(() => pieces.pop()), await createCipher()));
}

const end = { plaintext: NOTHING, length: 0 };

test('the crafted form is the real one', async () => {
  expect(await open(await craft({ plaintext: utf8('a') }, end))).toEqual([utf8('a'), NOTHING]);
  expect(await open(await craft({ plaintext: utf8('a'), length: 0 }))).toEqual([utf8('a')]);
});

test('a chunk before the final one that opens to nothing is refused', async () => {
  expect(await codeOf(open(await craft({ plaintext: NOTHING }, end)))).toBe('ERR_CHANNEL_MALFORMED_CHUNK');
});

test('a chunk of more than 16,384 bytes is refused before it is read', async () => {
  expect(await codeOf(open(await craft({ plaintext: new Uint8Array(16_385) }, end)))).toBe(
    'ERR_CHANNEL_MALFORMED_CHUNK',
  );
  expect(await codeOf(open(encodeVarint(2 ** 40)))).toBe('ERR_CHANNEL_MALFORMED_CHUNK');
  expect(await codeOf(open(await craft({ plaintext: new Uint8Array(16_384) }, end)))).toBeUndefined();
});

test('a final chunk of more than 16,384 bytes is refused', async () => {
  expect(await codeOf(open(await craft({ plaintext: new Uint8Array(16_385), length: 0 })))).toBe(
    'ERR_CHANNEL_TOO_LARGE',
  );
  expect(await codeOf(open(await craft({ plaintext: new Uint8Array(16_384), length: 0 })))).toBeUndefined();
});

test('the counter does not wrap', async () => {
  const cipher = await createCipher(2 ** 32 - 1);
  expect(await codeOf(cipher.seal(NOTHING, NOTHING))).toBeUndefined();
  expect(await codeOf(cipher.seal(NOTHING, NOTHING))).toBe('ERR_CHANNEL_TOO_LARGE');
});
