import { describe, expect, it } from 'vitest';
import { createDetectors } from './detectors/index.ts';
import { lookalikeDetector } from './detectors/lookalike.ts';
import { createFoldedView } from './folded-view.ts';
import { createLinkTargetTracker } from './link-target.ts';

const detectors = [
  ...createDetectors({ names: ['a a a a a a a b', 'Maria Kowalski'], patterns: { mrn: 'a{1,8}-\\d{1,8}' } }),
  lookalikeDetector,
];

/** Texts that make careless expressions quadratic; each is repeated to the size. */
const UNITS = [
  '1',
  'a',
  'a@',
  '@',
  '.',
  'a.',
  '1 ',
  '1-',
  '1.',
  'a:',
  '[',
  '[[A_',
  '(',
  '+1 ',
  'GB82 ',
  '12/',
  'www.',
  'http://a',
  '"',
  'May ',
  'MRN ',
  'a a ',
  '\u0301',
  'e\u0301',
  '\u200b',
  '\uff11',
  '](',
  'src=',
  '((1',
];

/** The least of several times: other work on the machine only adds. */
function leastTime(action: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 4; round++) {
    const start = performance.now();
    action();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

/** How much longer eight times the text takes: about 8 when linear, 64 when quadratic. */
function growth(work: (text: string) => void, unit: string, size = 8_000): number {
  const [short, long] = [size, 8 * size].map((length) => unit.repeat(Math.ceil(length / unit.length)));
  if (short === undefined || long === undefined) throw new RangeError('two texts are needed');
  work(short);
  // Below a tenth of a millisecond the clock says nothing.
  return (
    leastTime(() => work(long)) /
    Math.max(
      leastTime(() => work(short)),
      0.1,
    )
  );
}

describe('eight times the text takes nowhere near 64 times as long', () => {
  it.each(detectors.map((detector) => [detector.id, detector] as const))('in the detector %s', (_id, detector) => {
    for (const unit of UNITS) expect([unit, growth((text) => detector.detect(text), unit) < 32]).toEqual([unit, true]);
  });

  it('in folding and in following links', () => {
    for (const unit of UNITS) {
      expect([unit, growth((text) => createFoldedView(text), unit) < 32]).toEqual([unit, true]);
      expect([unit, growth((text) => createLinkTargetTracker().advance(text), unit) < 32]).toEqual([unit, true]);
    }
  });

  it('while a quadratic expression does (control)', () => {
    expect(growth((text) => /\d+[a-z]/.test(text), '1', 1_500)).toBeGreaterThan(32);
  });
});
