import { describe, expect, it } from 'vitest';
import type { Finding } from './detector.ts';
import { mergeFindings } from './merge.ts';

const finding = (type: string, start: number, end: number, rest: Partial<Finding> = {}): Finding => ({
  type,
  start,
  end,
  score: 0.5,
  verified: false,
  ...rest,
});

describe('merging', () => {
  it('unites crossing spans so that nothing between them stays', () => {
    const merged = mergeFindings([
      finding('PHONE', 4, 9),
      finding('DATE', 0, 6, { score: 0.9 }),
      finding('URL', 20, 22),
    ]);
    expect(merged).toMatchObject([
      { type: 'DATE', start: 0, end: 9 },
      { type: 'URL', start: 20, end: 22 },
    ]);
  });

  it('keeps neighbours that only touch apart', () => {
    expect(mergeFindings([finding('IBAN', 3, 6), finding('IBAN', 0, 3)])).toHaveLength(2);
  });

  it('prefers what a checksum confirmed, then the score, then the length', () => {
    expect(
      mergeFindings([finding('PHONE', 0, 9, { score: 0.9 }), finding('CREDIT_CARD', 2, 5, { verified: true })])[0]
        ?.type,
    ).toBe('CREDIT_CARD');
    expect(mergeFindings([finding('PHONE', 0, 9), finding('MRN', 2, 5, { score: 0.6 })])[0]?.type).toBe('MRN');
    expect(mergeFindings([finding('PHONE', 2, 5), finding('MRN', 0, 9)])[0]?.type).toBe('MRN');
  });

  it('takes what stands inside an address for a part of it', () => {
    expect(
      mergeFindings([finding('URL', 0, 30), finding('IP_ADDRESS', 7, 16, { verified: true, score: 1 })])[0]?.type,
    ).toBe('URL');
    expect(mergeFindings([finding('URL', 0, 30), finding('EMAIL', 7, 16)])[0]?.type).toBe('URL');
  });

  it('forgets a canonical value that does not describe the union', () => {
    expect(
      mergeFindings([finding('PERSON', 0, 5, { canonical: 'x', score: 1 }), finding('DATE', 3, 8)])[0],
    ).not.toHaveProperty('canonical');
    expect(
      mergeFindings([finding('PERSON', 0, 9, { canonical: 'x', score: 1 }), finding('DATE', 3, 8)])[0],
    ).toHaveProperty('canonical', 'x');
  });
});
