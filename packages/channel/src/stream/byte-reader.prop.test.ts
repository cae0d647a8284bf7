import { concat } from '@cloister/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeOf } from '../../test/support.ts';
import { ByteReader } from './byte-reader.ts';

test('exact reads give the same bytes however they arrive', async () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(pieces, fc.array(fc.nat(15), { maxLength: 20 }), async (given, lengths) => {
      const all = concat(...given);
      const source = [...given];
      const reader = new ByteReader(() => source.shift());
      let offset = 0;
      for (const length of lengths) {
        if (offset + length > all.length) {
          expect(await codeOf(Promise.resolve(reader.take(length)))).toBe('ERR_CHANNEL_TRUNCATED');
          return;
        }
        expect(await reader.take(length)).toEqual(all.slice(offset, (offset += length)));
      }
      const rest = all.slice(offset);
      expect(await reader.takeRest(rest.length)).toEqual(rest);
      expect(await reader.atEnd()).toBe(true);
    }),
  );
});

test('it pulls no more than a read needs', async () => {
  let pulls = 0;
  const reader = new ByteReader(() => (pulls++, new Uint8Array(10)));
  await reader.take(25);
  expect(pulls).toBe(3);
  await reader.take(5);
  expect(pulls).toBe(3);
  await reader.takeSome(100);
  expect(pulls).toBe(4);
});

test('the rest is bounded', async () => {
  const reader = new ByteReader(() => new Uint8Array(10));
  expect(await codeOf(reader.takeRest(95))).toBe('ERR_CHANNEL_TOO_LARGE');
});

test('work grows with the bytes, not with their square: every byte is copied at most once', async () => {
  const bytes = new Uint8Array(200_000).map((_, index) => index % 256);
  let offset = 0;
  const reader = new ByteReader(() => (offset < bytes.length ? bytes.subarray(offset, ++offset) : undefined));
  expect(await reader.take(16_400)).toEqual(bytes.slice(0, 16_400));
  expect(await reader.takeRest(bytes.length)).toEqual(bytes.slice(16_400));
});
