import { utf8 } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { codeOf, HEAD, readAll, streamOf } from '../../test/support.ts';
import { createReceiver, createReceiverKey, parseKeyConfig, sealRequest } from '../index.ts';
import { paddingFor } from './padding.ts';

const MEBIBYTE = 2 ** 20;

it.each([
  [1, 1024],
  [1024, 1024],
  [1025, 2048],
  [500_000, 524_288],
  [MEBIBYTE, MEBIBYTE],
  [MEBIBYTE + 1, 2 * MEBIBYTE],
  [5 * MEBIBYTE - 3, 5 * MEBIBYTE],
])('a message of %d bytes becomes one of %d', (length, bucket) => {
  expect(length + paddingFor('buckets', length)).toBe(bucket);
});

describe('requests in buckets', () => {
  it.each(['whole', 'streamed'])('%s: lengths on the wire tell the bucket alone', async (form) => {
    const key = await createReceiverKey();
    const seal = async (length: number): Promise<Uint8Array> => {
      const content = new Uint8Array(length).fill(7);
      const body = form === 'whole' ? content : streamOf(content);
      const sealed = await sealRequest(parseKeyConfig(key.config), { head: HEAD, body }, { padding: 'buckets' });
      return readAll(sealed.body);
    };
    const lengths = await Promise.all([1100, 1500, 1700, 2100].map(async (length) => (await seal(length)).length));
    expect(new Set(lengths.slice(0, 3)).size).toBe(1);
    expect(lengths[3]).toBeGreaterThan(lengths[0] ?? 0);
    const opened = await createReceiver([key]).openRequest(streamOf(await seal(1500)));
    expect((await readAll(opened.body)).length).toBe(1500);
  });

  it('padding out of range is refused', async () => {
    const config = parseKeyConfig((await createReceiverKey()).config);
    for (const padding of [-1, 0.5, MEBIBYTE + 1]) {
      expect(await codeOf(sealRequest(config, { head: HEAD, body: utf8('a') }, { padding }))).toBe(
        'ERR_CHANNEL_INVALID_ARGUMENT',
      );
    }
  });
});
