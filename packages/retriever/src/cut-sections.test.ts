import { describe, expect, it } from 'vitest';
import { chunkText, hashingEmbedder } from './index.ts';
import type { Heading } from './index.ts';

const tokenizer = await hashingEmbedder().tokenizer();

/** Marks headings as Markdown does. */
function chunk(marked: string, maxTokens = 40): readonly string[] {
  const headings: Heading[] = [];
  let text = '';
  for (const line of marked.split('\n')) {
    const [, hashes, title] = /^(#+) (.*)$/.exec(line) ?? [];
    if (hashes !== undefined) headings.push({ at: text.length, level: hashes.length });
    text += `${title ?? line}\n`;
  }
  return chunkText(text, tokenizer, { headings, maxTokens });
}

describe('chunkText with headings', () => {
  it('keeps chunks within their section and names the headings above', () => {
    expect(chunk('Before.\n# One\n\nFirst.\n## Two\nSecond.\n## Three\n# Four\nLast.')).toEqual([
      'Before.',
      'One\nFirst.',
      'One > Two\nSecond.',
      'One > Three',
      'Four\nLast.',
    ]);
  });

  it('leaves headings that only hold others to the lines of those', () => {
    expect(chunk('# One\n## Two\n### Three\nText.')).toEqual(['One > Two > Three\nText.']);
  });

  it('repeats the line in every chunk of a section, within the bound of tokens', () => {
    const chunks = chunk(`# One\n## Two\n${'Some words that follow. '.repeat(30)}`);
    expect(chunks.length).toBeGreaterThan(3);
    for (const text of chunks) {
      expect(text).toMatch(/^One > Two\nSome words/);
      expect(tokenizer.encode(text).length).toBeLessThanOrEqual(40);
    }
    const words = chunks.map((text) => text.replace('One > Two\n', '')).join('');
    expect(words.trim()).toBe('Some words that follow. '.repeat(30).trim());
  });

  it('drops outer headings first when the line would take too much', () => {
    const [text] = chunk(`# ${'very '.repeat(12)}long\n## Short\nText.`);
    expect(text).toBe('Short\nText.');
  });

  it('refuses headings that are not in order, outside of the text or of no level', () => {
    for (const headings of [
      [{ at: 3, level: 1 }],
      [{ at: 1, level: 0 }],
      [{ at: 1, level: 7 }],
      [{ at: -1, level: 1 }],
      [
        { at: 1, level: 1 },
        { at: 1, level: 1 },
      ],
      [{ at: 0.5, level: 1 }],
      [{ at: 0, level: 1, more: 1 }],
      [null],
      'x',
    ] as unknown as Heading[][]) {
      const refused = expect.objectContaining({ code: 'ERR_RETRIEVER_OPTIONS', subject: 'headings' });
      expect(() => chunkText('abc', tokenizer, { headings })).toThrow(refused);
    }
  });
});
