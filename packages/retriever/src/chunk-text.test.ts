import { createTokenizer, fetchModel, MINILM } from '@cloister/models';
import type { Tokenizer } from '@cloister/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { approximateTokenizer } from './approximate-tokenizer.ts';
import { chunkText } from './chunk-text.ts';

const files = await fetchModel(MINILM, { offline: true }).catch(() => undefined);
if (files === undefined) process.stderr.write('chunks by the real tokenizer skipped: the model is not in the cache\n');
const tokenizers: readonly Tokenizer[] = [
  approximateTokenizer,
  ...(files === undefined ? [] : [createTokenizer(files)]),
];

describe.each(tokenizers)('chunkText with $id', (tokenizer) => {
  it('cuts at sentences and fills each chunk as far as it goes', () => {
    const sentences = Array.from({ length: 40 }, (_, index) => `Sentence number ${index} speaks about the patient. `);
    const chunks = chunkText(sentences.join(''), tokenizer, { maxTokens: 40 });
    expect(chunks.length).toBeGreaterThan(5);
    for (const chunk of chunks.slice(0, -1)) expect(chunk).toMatch(/^Sentence .* patient\. $/);
    const counts = chunks.slice(0, -1).map((chunk) => tokenizer.encode(chunk).length);
    expect(Math.min(...counts)).toBeGreaterThan(40 - 12);
  });

  it('loses nothing, keeps the budget and is stable, for any text', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.array(fc.lorem({ mode: 'sentences', maxCount: 3 }), { maxLength: 8 }).map((parts) => parts.join(' ')),
      fc.stringMatching(/^[a-z0-9]{0,300}$/),
    );
    fc.assert(
      fc.property(texts, fc.integer({ min: 8, max: 60 }), (text, maxTokens) => {
        const chunks = chunkText(text, tokenizer, { maxTokens, maxCharacters: 200 });
        expect(chunks.join('')).toBe(text);
        expect(chunks).toEqual(chunkText(text, tokenizer, { maxTokens, maxCharacters: 200 }));
        for (const chunk of chunks) expect(chunk.length).toBeLessThanOrEqual(200);
        if (text.isWellFormed()) expect(chunks.every((chunk) => chunk.isWellFormed())).toBe(true);
      }),
    );
  });

  it('keeps chunks of ordinary prose within the budget of tokens', () => {
    fc.assert(
      fc.property(fc.array(fc.lorem({ mode: 'sentences', maxCount: 4 }), { minLength: 1, maxLength: 20 }), (parts) => {
        for (const chunk of chunkText(parts.join(' '), tokenizer, { maxTokens: 30 })) {
          expect(tokenizer.encode(chunk).length).toBeLessThanOrEqual(30);
        }
      }),
    );
  });
});

describe('chunkText', () => {
  it('gives one empty chunk for an empty text', () => {
    expect(chunkText('', approximateTokenizer)).toEqual(['']);
  });

  it('cuts one endless word between code points', () => {
    const text = '𝒳'.repeat(5000);
    const chunks = chunkText(text, approximateTokenizer);
    expect(chunks.join('')).toBe(text);
    expect(chunks.length).toBeGreaterThan(4);
    expect(chunks.every((chunk) => chunk.isWellFormed())).toBe(true);
  });

  it.each([{ maxTokens: 7 }, { maxTokens: 10.5 }, { maxCharacters: 15 }, { maxCharacters: 100_000 }])(
    'refuses %o',
    (options) => {
      expect(() => chunkText('a', approximateTokenizer, options)).toThrow(
        expect.objectContaining({ code: 'ERR_RETRIEVER_OPTIONS' }),
      );
    },
  );
});
