import { inspect } from 'node:util';
import { toBase64, utf8 } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { CANARY_PLACES, captureOutput, createCanaries, findCanaries, type CanaryForm } from './index.ts';

const canaries = createCanaries();
const { text } = canaries.prompt;
const search = (haystack: Uint8Array | string): readonly unknown[] => findCanaries(haystack, Object.values(canaries));

describe('canaries', () => {
  it('are 128 bits each and none is another', () => {
    const texts = Object.values(canaries).map((canary) => canary.text);
    expect(new Set([...texts, ...Object.values(createCanaries()).map((canary) => canary.text)]).size).toBe(12);
    for (const one of texts) expect(one).toMatch(/^[a-p]{32}$/);
    expect(CANARY_PLACES).toHaveLength(6);
  });

  const escaped = (prefix: string): string =>
    Array.from(text, (letter) => prefix + letter.charCodeAt(0).toString(16)).join('');

  it.each<[CanaryForm, string | Uint8Array]>([
    ['raw', `before ${text} after`],
    ['raw', JSON.stringify({ a: text })],
    ['raw', text.toUpperCase()],
    ['hex', Buffer.from(text).toString('hex')],
    ['hex', Buffer.from(text).toString('hex').toUpperCase()],
    ['json-escaped', escaped(String.raw`\u00`)],
    ['url-escaped', escaped('%')],
    ['utf-16', new Uint8Array(Buffer.from(`x${text}`, 'utf16le'))],
    ['utf-16', new Uint8Array(Buffer.from(text, 'utf16le').swap16())],
    ['raw', inspect(new Error(`failed: ${text}`))],
  ])('are found as %s', (form, haystack) => {
    expect(search(haystack)).toEqual([{ place: 'prompt', form }]);
  });

  it('are found in base64 whatever stands before and behind', () => {
    for (let before = 0; before < 7; before++) {
      for (let behind = 0; behind < 4; behind++) {
        const encoded = toBase64(utf8(`${'>'.repeat(before)}${text}${'?'.repeat(behind)}`));
        const hit = [{ place: 'prompt', form: 'base64' }];
        expect(search(encoded)).toEqual(hit);
        expect(search(encoded.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''))).toEqual(hit);
      }
    }
  });

  it('are not found where they are not', () => {
    expect(
      search(
        Object.values(createCanaries())
          .map((canary) => canary.text)
          .join(' '),
      ),
    ).toEqual([]);
    expect(search(text.slice(1))).toEqual([]);
  });
});

describe('captureOutput', () => {
  it('keeps what is printed, also when the work fails', async () => {
    const { output, result } = await captureOutput(async () => {
      // oxlint-disable-next-line no-console -- what is printed here is what is looked for
      console.log('one', 2);
      process.stderr.write(`three ${text}`);
      throw new Error('four');
    });
    expect(result).toMatchObject({ status: 'rejected', reason: { message: 'four' } });
    expect(Buffer.from(output).toString()).toContain('one 2');
    expect(search(output)).toHaveLength(1);
  });
});
