import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trimTurns } from './trim-turns.ts';

describe('trimTurns', () => {
  it('cuts rarely: down to whole blocks below the share that is kept', () => {
    const turns = Array.from({ length: 10 }, () => 100);
    expect(trimTurns(turns, 0, { budget: 1000 })).toBe(0);
    expect(trimTurns([...turns, 100], 0, { budget: 1000 })).toBe(5); // 600 left: 700 is 43.75 blocks, so 688 is the goal
    expect(trimTurns([...turns, 100, 100, 100, 100, 100], 5, { budget: 1000 })).toBe(5);
  });

  it('never goes back, always fits, and cuts only when it must', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 60 }),
        fc.integer({ min: 0, max: 2000 }),
        fc.integer({ min: 1, max: 128 }),
        (tokens, budget, blockSize) => {
          let start = 0;
          let cuts = 0;
          for (let turn = 0; turn <= tokens.length; turn++) {
            const so = tokens.slice(0, turn);
            const sum = (from: number): number => so.slice(from).reduce((total, count) => total + count, 0);
            const next = trimTurns(so, start, { budget, blockSize });
            expect(next).toBeGreaterThanOrEqual(start);
            expect(sum(next)).toBeLessThanOrEqual(budget);
            if (next !== start) {
              cuts += 1;
              expect(sum(start)).toBeGreaterThan(budget);
              expect(sum(next)).toBeLessThanOrEqual(Math.floor((budget * 0.7) / blockSize) * blockSize);
            }
            start = next;
          }
          // Between two cuts at least three tenths of the budget were said.
          const total = tokens.reduce((sum, count) => sum + count, 0);
          expect(cuts * Math.max(1, budget * 0.3 - 300)).toBeLessThanOrEqual(Math.max(total, cuts));
        },
      ),
    );
  });

  it.each([
    [{ budget: -1 }, 0, 'budget'],
    [{ budget: 1, blockSize: 0 }, 0, 'blockSize'],
    [{ budget: 1, keep: 0 }, 0, 'keep'],
    [{ budget: 1 }, 2, 'start'],
  ])('refuses %j', (options, start, subject) => {
    expect(() => trimTurns([1], start, options)).toThrow(
      expect.objectContaining({ code: 'ERR_SESSION_DERIVATION', subject }),
    );
  });
});
