import { describe, expect, it } from 'vitest';
import { CLASSIFICATIONS, covers, highest, isClassification } from './classification.ts';

describe('classification', () => {
  it('is a chain', () => {
    for (const [rank, clearance] of CLASSIFICATIONS.entries()) {
      for (const [other, label] of CLASSIFICATIONS.entries()) expect(covers(clearance, label)).toBe(rank >= other);
    }
  });

  it('joins to the highest', () => {
    expect(highest([])).toBe('public');
    expect(highest(['internal', 'restricted', 'public'])).toBe('restricted');
  });

  it('knows its own names only', () => {
    expect([...CLASSIFICATIONS, 'secret', '', 0, undefined].map(isClassification)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
