import { CloisterError } from '@cloister/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerLines } from './answer-lines.ts';
import type { Answer } from './answer-question.ts';
import { splitLines, TOO_LONG } from './split-lines.ts';

const echo: Answer = async (line) => ({ ok: true, line });

async function* pieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for (let turn = 0; offset < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(offset, offset + size);
    offset += size;
  }
}

async function answers(
  area: string,
  answer: Answer,
  input: string | Uint8Array,
  maxLineBytes = 1000,
): Promise<unknown[]> {
  const bytes = typeof input === 'string' ? Buffer.from(input) : input;
  const lines = await Array.fromAsync(answerLines(area, answer, pieces(bytes, [7, 1, 64]), { maxLineBytes }));
  return lines.map((line) => JSON.parse(line));
}

describe('splitLines', () => {
  test('finds the same lines wherever the input is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string()),
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }),
        async (words, sizes) => {
          const lines = words.map((word) => word.replaceAll('\n', ''));
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
          const found = await Array.fromAsync(splitLines(pieces(bytes, sizes), 1000));
          expect(found.map((line) => (line === TOO_LONG ? 'too long' : Buffer.from(line).toString()))).toEqual(
            Buffer.from(lines.join('\n')).toString().split('\n').slice(0, lines.length),
          );
        },
      ),
    );
  });

  test('drops a line over the limit and finds the next', async () => {
    const input = pieces(Buffer.from(`${'x'.repeat(11)}\n${'y'.repeat(10)}\nlast`), [4]);
    const found = await Array.fromAsync(splitLines(input, 10));
    expect(found[0]).toBe(TOO_LONG);
    expect(found.slice(1).map((line) => Buffer.from(line as Uint8Array).toString())).toEqual(['y'.repeat(10), 'last']);
  });
});

describe('answerLines', () => {
  test('answers every line in order, malformed ones included', async () => {
    const malformed = { ok: false, code: 'ERR_CONFORMANCE_MALFORMED_LINE' };
    const input = `{"id":1}\n{"id":\n[1]\n"text"\nnull\n\n${'{"a":"'.padEnd(2000, 'x')}"}\n{"id":2}`;
    expect(await answers('audit', echo, input)).toEqual([
      { ok: true, line: { id: 1 } },
      ...Array.from({ length: 6 }, () => malformed),
      { ok: true, line: { id: 2 } },
    ]);
  });

  test('refuses bytes that are not UTF-8', async () => {
    const input = Buffer.concat([Buffer.from('{"id":"'), Buffer.from([0xff]), Buffer.from('"}\n{"id":3}\n')]);
    const [first, second] = await answers('channel', echo, input);
    expect(first).toEqual({ ok: false, code: 'ERR_CONFORMANCE_MALFORMED_LINE' });
    expect(second).toEqual({ ok: true, line: { id: 3 } });
  });

  test('says malformed as a verdict in the area evidence', async () => {
    expect(await answers('evidence', echo, 'x\n')).toEqual([
      { ok: false, verdict: 'malformed', code: 'ERR_CONFORMANCE_MALFORMED_LINE' },
    ]);
  });

  test('turns what an answer throws into its code and keeps the text out', async () => {
    const throwing: Answer = async (line) => {
      if ((line as { id: number }).id === 1)
        throw new CloisterError('ERR_TEST_REFUSED', { message: 'no', fix: 'none' });
      throw new Error('secret text');
    };
    const found = await answers('audit', throwing, '{"id":1}\n{"id":2}\n');
    expect(found).toEqual([
      { id: 1, ok: false, code: 'ERR_TEST_REFUSED' },
      { id: 2, ok: false, code: 'ERR_CONFORMANCE_INTERNAL' },
    ]);
    expect(JSON.stringify(found)).not.toContain('secret');
  });

  test('goes on after an answer that JSON cannot hold', async () => {
    const odd: Answer = async (line) => ({ value: (line as { id: number }).id === 1 ? 1n : 2 });
    expect(await answers('audit', odd, '{"id":1}\n{"id":2}\n')).toEqual([
      { id: 1, ok: false, code: 'ERR_CONFORMANCE_INTERNAL' },
      { value: 2 },
    ]);
  });
});
