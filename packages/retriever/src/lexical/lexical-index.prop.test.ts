import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LexicalIndex } from './lexical-index.ts';
import { createTermSplitter } from './split-terms.ts';

const split = createTermSplitter('en');
const text = fc.array(fc.constantFrom('heart', 'attack', 'dose', 'may', 'Wrist', 'cast'), { maxLength: 12 });
const step = fc.oneof(
  { weight: 3, arbitrary: text.map((words) => words.join(' ')) },
  { weight: 2, arbitrary: fc.nat(200) },
);

/** BM25 as it is defined, over the texts that may be seen. */
function scoreSlowly(texts: readonly string[], question: string): readonly number[] {
  const terms = texts.map(split);
  const mean = terms.reduce((sum, { length }) => sum + length, 0) / texts.length;
  return terms.map((words) => {
    let score = 0;
    for (const term of new Set(split(question))) {
      const holders = terms.filter((other) => other.includes(term)).length;
      const count = words.filter((word) => word === term).length;
      const rarity = Math.log(1 + (texts.length - holders + 0.5) / (holders + 0.5));
      if (count > 0) score += (rarity * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * words.length) / mean));
    }
    return score;
  });
}

describe('LexicalIndex', () => {
  it('scores as BM25 is defined over the visible texts, after any additions and removals', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400, size: 'max' }), fc.nat(3), (steps, hiding) => {
        const index = new LexicalIndex(split);
        let held: { slot: number; text: string }[] = [];
        for (const given of steps) {
          if (typeof given === 'string') held.push({ slot: index.add(given), text: given });
          else index.remove(held.splice(given % (held.length + 1), 1)[0]?.slot ?? -1);
          const moved = index.compact();
          held = held.map((one) => ({ ...one, slot: moved?.[one.slot] ?? one.slot }));
        }
        const shown = held.filter((_, place) => place % 4 !== hiding);
        const visible = new Uint8Array(index.slots);
        for (const { slot } of shown) visible[slot] = 1;
        const scores = index.score('A heart attack, a cast.', visible);
        const expected = scoreSlowly(
          shown.map((one) => one.text),
          'A heart attack, a cast.',
        );
        for (const [place, { slot }] of shown.entries()) expect(scores[slot]).toBeCloseTo(expected[place] ?? -1, 10);
        for (const [slot, score] of scores.entries()) if (visible[slot] !== 1) expect(score).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('gives memory back when texts go', () => {
    const index = new LexicalIndex(split);
    const slots = Array.from({ length: 200 }, (_, number) => index.add(`word${number} and more`));
    const full = index.bytes;
    for (const slot of slots.slice(0, 150)) index.remove(slot);
    expect(index.compact()).toHaveLength(200);
    expect(index.slots).toBe(50);
    expect(index.bytes).toBeLessThan(full / 2);
    index.clear();
    expect([index.slots, index.bytes]).toEqual([0, 0]);
  });
});

describe('createTermSplitter', () => {
  it('splits by the rules of Unicode and by dictionary, and compares letters in the way of the language', () => {
    expect(split('Mrs O’Neil’s ﬁve 3.5 mg doses…')).toEqual(['mrs', 'o’neil’s', 'five', '3.5', 'mg', 'doses']);
    expect(createTermSplitter('ja')('患者は東京に住んでいます。').length).toBeGreaterThan(3);
    expect(createTermSplitter('tr')('IŞIK')).toEqual(['ışık']);
    expect(split('IŞIK')).toEqual(['işik']);
    expect(split('x'.repeat(500))).toEqual(['x'.repeat(64)]);
  });
});
