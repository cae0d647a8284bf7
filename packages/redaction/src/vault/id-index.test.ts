import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Id, ID_ALPHABET, parseId, spellId } from './id.ts';
import { createMemory } from './memory.ts';
import { addId, createIdIndex, findId, hasNear } from './id-index.ts';

// Ids of two symbols are often near each other, ids of 32 seldom.
const ids = (symbols: number, length: number): fc.Arbitrary<string[]> =>
  fc.array(
    fc.string({ unit: fc.constantFrom(...Array.from(ID_ALPHABET.slice(0, symbols))), minLength: 7, maxLength: 7 }),
    {
      minLength: length,
      maxLength: length,
    },
  );
const differences = (left: string, right: string): number =>
  Array.from(left).filter((symbol, place) => symbol !== right[place]).length;

it.each([
  [3, 300],
  [32, 300],
  [4, 20],
])('an index of ids of %i symbols knows what is near, as comparing all does', (symbols, length) => {
  fc.assert(
    fc.property(ids(symbols, length), (texts) => {
      const index = createIdIndex(createMemory());
      const added: string[] = [];
      for (const text of texts) {
        const id: Id = parseId(text);
        expect(spellId(id)).toBe(text);
        expect(findId(index, id) >= 0).toBe(added.includes(text));
        const isNear = added.some((other) => differences(other, text) <= 2);
        expect(hasNear(index, id)).toBe(isNear);
        if (isNear && symbols > 3) continue;
        addId(index, id);
        added.push(text);
      }
      for (const text of added) expect(added[findId(index, parseId(text))]).toBe(text);
    }),
    { numRuns: 20 },
  );
});

it('among many ids none is near another, and few are turned away without need', () => {
  const index = createIdIndex(createMemory());
  const added: Id[] = [];
  let state = 7;
  const draw = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 16;
  };
  let turnedAway = 0;
  for (let round = 0; round < 6000; round++) {
    const id: Id = { low: (draw() | (draw() << 15)) & 0x3fffffff, high: draw() & 31 };
    if (hasNear(index, id)) turnedAway++;
    else {
      addId(index, id);
      added.push(id);
    }
  }
  const apart = ({ low, high }: Id, other: Id): number => {
    let symbols = high === other.high ? 0 : 1;
    for (let bits = low ^ other.low; bits !== 0; bits >>>= 5) if ((bits & 31) !== 0) symbols++;
    return symbols;
  };
  for (const [at, id] of added.entries())
    for (let other = 0; other < at; other++)
      if (apart(id, added[other] as Id) <= 2) expect([id, added[other]]).toEqual([]);
  expect(turnedAway).toBeLessThan(300);
  expect(added.length).toBeGreaterThan(4096);
  // Control: one symbol apart from an id that is there is near.
  expect(added.every(({ low, high }) => hasNear(index, { low: low ^ 1, high }))).toBe(true);
});
