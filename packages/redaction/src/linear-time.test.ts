import { describe, expect, it } from 'vitest';
import { createGates } from './detectors/index.ts';
import { lookalikeDetector } from './detectors/lookalike.ts';
import { createFoldedView } from './folded-view.ts';
import { createLinkTargetTracker } from './restore/link-target.ts';

const detectors = [
  ...createGates({ names: ['a a a a a a a b', 'Maria Kowalski'], patterns: { mrn: 'a{1,8}-\\d{1,8}' } }).map(
    ([, detector]) => detector,
  ),
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

/** The least of several CPU times in microseconds: other work on the machine only adds. */
function leastTime(action: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 4; round++) {
    const start = process.cpuUsage();
    action();
    least = Math.min(least, process.cpuUsage(start).user);
  }
  return least;
}

/** Whether eight times the text takes nowhere near 64 times as long: about 8 when linear. Noise gets five chances to be absent. */
function isLinear(work: (text: string) => void, unit: string, size = 8_000): boolean {
  const short = unit.repeat(Math.ceil(size / unit.length));
  const long = short.repeat(8);
  for (let attempt = 0; attempt < 5; attempt++) {
    work(short);
    // Below a tenth of a millisecond the clock says nothing.
    if (
      leastTime(() => work(long)) /
        Math.max(
          leastTime(() => work(short)),
          100,
        ) <
      32
    )
      return true;
  }
  return false;
}

describe('time grows with the length of the text', () => {
  it.each(detectors.map((detector) => [detector.id, detector] as const))('in the detector %s', (_id, detector) => {
    expect(UNITS.filter((unit) => !isLinear((text) => detector.detect(text), unit))).toEqual([]);
  });

  it('in folding and in following links', () => {
    expect(UNITS.filter((unit) => !isLinear((text) => createFoldedView(text), unit))).toEqual([]);
    expect(UNITS.filter((unit) => !isLinear((text) => createLinkTargetTracker().advance(text), unit))).toEqual([]);
  });

  it('and with its cube in an expression that tries three places (control)', () => {
    expect(isLinear((text) => /\d+\d+[a-z]/.test(text), '1', 64)).toBe(false);
  });
});
