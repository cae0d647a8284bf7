import { utf8 } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { tinyNer } from '../../test/tiny-ner.ts';
import { createNerDetector } from './create-ner-detector.ts';
import { readLabels } from './read-labels.ts';
import { windowWords } from './window-words.ts';

const LABELS = ['O', 'B-PER', 'I-PER', 'B-LOC', 'B-OTHER'];
const files = tinyNer(LABELS, {
  ruby: 'B-PER',
  okon: 'B-PER',
  '##jo': 'O',
  vance: 'I-PER',
  lagos: 'B-LOC',
  zebra: 'B-OTHER',
});

async function find(text: string, options: Parameters<typeof createNerDetector>[1] = {}): Promise<string[]> {
  const detector = await createNerDetector(files, options);
  try {
    return (await detector.detect(text)).map(({ type, start, end }) => `${type} ${text.slice(start, end)}`);
  } finally {
    await detector.dispose();
  }
}

describe('a model for names', () => {
  it('gives the places of what it finds in the text as it is', async () => {
    expect(await find('\u{1f600} R\u00fbby Vance and Okonjo\u2019s aunt left  Lagos.')).toEqual([
      'PERSON R\u00fbby Vance',
      'PERSON Okonjo',
      'LOCATION Lagos',
    ]);
    expect(await find('nothing \u4e2d of it')).toEqual([]);
    expect(await find('')).toEqual([]);
  });

  it('takes types for labels of its own, and leaves labels without one', async () => {
    expect(await find('a zebra')).toEqual([]);
    expect(await find('a zebra', { types: { OTHER: 'ORGANIZATION' } })).toEqual(['ORGANIZATION zebra']);
    expect(await find('Lagos', { threshold: 1 })).toEqual([]);
  });

  it('reads texts of any length, each word once and with its place', async () => {
    const text = Array.from({ length: 2000 }, (_, index) => (index % 7 === 0 ? 'Okonjo' : 'word')).join(' , ');
    const found = await find(text, { maxTokens: 16 });
    expect(found).toHaveLength(Math.ceil(2000 / 7));
    expect(new Set(found)).toEqual(new Set(['PERSON Okonjo']));
    expect(await find('x'.repeat(100_000))).toEqual([]);
  });

  it('is refused with files or options that do not fit', async () => {
    await expect(createNerDetector(new Map())).rejects.toMatchObject({ code: 'ERR_MODELS_FILE_MISSING' });
    for (const options of [{ maxTokens: 8 }, { maxTokens: 65 }, { threshold: 2 }, { threshold: Number.NaN }])
      await expect(createNerDetector(files, options)).rejects.toMatchObject({ code: 'ERR_MODELS_INPUT' });
    for (const config of ['', '{', '[]', 'null', '{"id2label":{"0":"O"}}', '{"id2label":{"0":"O","7":"B-X"}}'])
      expect(() => readLabels(utf8(config))).toThrow(expect.objectContaining({ code: 'ERR_MODELS_INPUT' }));
  });

  it('that was disposed answers with an error', async () => {
    const detector = await createNerDetector(files);
    await detector.dispose();
    await expect(detector.detect('Ruby')).rejects.toMatchObject({ code: 'ERR_MODELS_CLOSED' });
  });
});

describe('windows', () => {
  it.each([1, 2, 5, 40, 1000])('over %i words give each word to one of them, away from its edge', (count) => {
    const words = Array.from({ length: count }, (_, index) => ({ start: index, end: index + 1, tokens: Array.from({ length: (index % 3) + 1 }, () => 1) })); // prettier-ignore
    const room = 14;
    const windows = windowWords(words, room);
    const owners = words.map((_, index) => windows.filter(({ ownFrom, ownTo }) => ownFrom <= index && index < ownTo));
    expect(owners.every((own) => own.length === 1)).toBe(true);
    for (const { from, to, ownFrom, ownTo } of windows) {
      const tokens = words.slice(from, to).reduce((sum, word) => sum + word.tokens.length, 0);
      expect(tokens).toBeLessThanOrEqual(room);
      expect([ownFrom >= from, ownTo <= to]).toEqual([true, true]);
      if (from > 0) expect(ownFrom).toBeGreaterThan(from);
    }
  });
});
