import { describe, expect, it } from 'vitest';
import { type InjectionClassifier, scoreInjection } from './score-injection.ts';

const PHRASE = 'ignore all previous instructions';
const seen: string[] = [];
const classifier: InjectionClassifier = {
  id: 'test',
  window: 100,
  score: async (text) => {
    seen.push(text);
    return text.includes(PHRASE) ? 0.9 : 0.1;
  },
};

describe('windows over a long text', () => {
  it('find a phrase wherever it stands, and the cut of a short-sighted model does not', async () => {
    for (let at = 0; at < 400; at += 7) {
      const text = `${'x'.repeat(at)}${PHRASE}${'y'.repeat(400 - at)}`;
      expect(await scoreInjection(classifier, text)).toEqual({ score: 0.9, windows: 8 });
    }
    expect(await classifier.score('x'.repeat(200) + PHRASE.slice(0, 5))).toBe(0.1);
    expect(Math.max(...seen.map(({ length }) => length))).toBeLessThan(206);
  });

  it('leave nothing out', async () => {
    for (const length of [0, 1, 50, 99, 100, 101, 150, 151, 1000]) {
      seen.length = 0;
      const text = Array.from({ length }, (_, index) => String.fromCharCode(0x4e00 + index)).join('');
      await scoreInjection(classifier, text);
      expect(new Set(seen.join(''))).toEqual(new Set(text));
    }
  });

  it.each([[{ window: 10 }], [{ score: () => Number.NaN }], [{ score: () => 2 }]])(
    'refuse a classifier with %j',
    async (broken) => {
      await expect(scoreInjection({ ...classifier, ...broken }, 'text')).rejects.toMatchObject({
        code: 'ERR_PROMPT_CLASSIFIER',
      });
    },
  );
});
