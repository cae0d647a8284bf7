import { isCloisterError } from '@cloister/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cut } from '../../test/support.ts';
import { resolveLimits } from '../limits.ts';
import { ByteReader } from '../stream/byte-reader.ts';
import { encodeMessage, parseMessage } from './index.ts';
import { createMessageReader } from './message-reader.ts';
import { encodeVarint, readVarint } from './varint.ts';

const characters = (allowed: string): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...allowed.split('')), minLength: 1, maxLength: 20 });
const name = characters("abcdefghijklmnopqrstuvwxyz0123456789-_!#$%&'*+.^`|~");
const value = fc
  .string({
    unit: fc
      .integer({ min: 0x20, max: 0xff })
      .filter((code) => code !== 0x7f && (code < 0x80 || code > 0x9f))
      .map((code) => String.fromCharCode(code)),
  })
  .map((text) => text.replace(/^[\t ]+|[\t ]+$/g, ''));
const fields = fc.array(fc.tuple(name, value), { maxLength: 6 });
const content = fc.uint8Array({ maxLength: 300 });
const target = characters('abcXYZ/?&=%:.-_~0123456789');
const request = fc.record({
  method: name,
  scheme: fc.constantFrom('http', 'https'),
  authority: target,
  path: target,
  headers: fields,
});
const response = fc.record({ status: fc.integer({ min: 200, max: 599 }), headers: fields });
const informational = fc.array(fc.record({ status: fc.integer({ min: 100, max: 199 }), headers: fields }), {
  maxLength: 3,
});
const message = fc.oneof(
  fc.record({ request, informational: fc.constant([]), content, trailers: fields }),
  fc.record({ response, informational, content, trailers: fields }),
);
const framing = fc.constantFrom('known-length' as const, 'indeterminate-length' as const);

test('what is encoded is parsed again, whatever the padding', async () => {
  await fc.assert(
    fc.asyncProperty(message, framing, fc.nat(40), async (given, form, padding) => {
      expect(await parseMessage(encodeMessage(given, { framing: form, padding }))).toEqual(given);
    }),
  );
});

test('the pieces in which a message arrives make no difference', async () => {
  await fc.assert(
    fc.asyncProperty(message, framing, fc.integer({ min: 1, max: 60 }), async (given, form, size) => {
      const pieces = cut(encodeMessage(given, { framing: form }), size);
      const reader = createMessageReader(new ByteReader(() => pieces.shift()), resolveLimits());
      const start = await reader.readStart();
      const parts: number[] = [];
      for (let part = await reader.readContent(); part; part = await reader.readContent()) parts.push(...part);
      expect({ ...start, content: Uint8Array.from(parts), trailers: reader.trailers() }).toEqual(given);
    }),
  );
});

test('any bytes give a message or an error of ours', async () => {
  const start = fc
    .integer({ min: 0, max: 4 })
    .chain((indicator) => fc.uint8Array({ maxLength: 200 }).map((rest) => Uint8Array.of(indicator, ...rest)));
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 200 }), start), async (bytes) => {
      await parseMessage(bytes).catch((error: unknown) => expect(isCloisterError(error)).toBe(true));
    }),
    { numRuns: 1000 },
  );
});

test('variable-length integers are read again in the shortest form', async () => {
  const edges = [0, 63, 64, 16_383, 16_384, 2 ** 30 - 1, 2 ** 30, Number.MAX_SAFE_INTEGER];
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.constantFrom(...edges), fc.maxSafeNat()), async (number) => {
      const pieces = [encodeVarint(number)];
      expect(pieces[0]?.length).toBe(number < 64 ? 1 : number < 16_384 ? 2 : number < 2 ** 30 ? 4 : 8);
      expect(await readVarint(new ByteReader(() => pieces.pop()))).toBe(number);
    }),
  );
});
