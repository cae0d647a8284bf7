import type { Finding, FoldedDetector } from '../detector.ts';
import type { DetectionType } from '../types.ts';
import { findPlacesAgain } from './places-again.ts';
import { scanText, type TextScan } from './scan-text.ts';
import { groupBit, type TriggerGroup } from './trigger-words.ts';

/** What a text must have for a detector to find something: one of the bits of its shape (0: anything), and a word of the group. */
export type Needs = number | readonly [shape: number, words: TriggerGroup];

/** What a detector needs, the detector, and the types it can give. */
export type Gate = readonly [needs: Needs, detector: FoldedDetector, ...types: DetectionType[]];

/** Whether a text may hold what the detector of a gate looks for. */
export function opens([needs]: Gate, { shape, words }: TextScan): boolean {
  return ((shape | ALWAYS) & shapeBits(needs)) !== 0 && ((words | ALWAYS) & wordBits(needs)) !== 0;
}

/** A bit that every text has, above those of shapes and of words: where anything will do, it does. */
const ALWAYS = 0x4000_0000;

function shapeBits(needs: Needs): number {
  return (typeof needs === 'number' ? needs : needs[0]) || ALWAYS;
}

function wordBits(needs: Needs): number {
  return typeof needs === 'number' ? ALWAYS : groupBit(needs[1]);
}

/** The detectors of the wanted types as one: the text is read once for what it has, and only those that fit it run. */
export function gateDetectors(gates: readonly Gate[], wanted: ReadonlySet<DetectionType>): FoldedDetector {
  const chosen = gates.filter(([, , ...types]) => types.some((type) => wanted.has(type)));
  const detectors = chosen.map(([, detector]) => detector);
  // Most gates of a short text stay shut, so that the look at them is most of its cost.
  const shapes = Int32Array.from(chosen, ([needs]) => shapeBits(needs));
  const groups = Int32Array.from(chosen, ([needs]) => wordBits(needs));
  const seeksPlaces = wanted.has('LOCATION');
  return {
    id: 'built-in',
    view: 'folded',
    detect(text) {
      const scan = scanText(text);
      const findings: Finding[] = [];
      const [shape, words] = [scan.shape | ALWAYS, scan.words | ALWAYS];
      for (let at = 0; at < shapes.length; at++)
        if (((shapes[at] as number) & shape) !== 0 && ((groups[at] as number) & words) !== 0)
          for (const finding of (detectors[at] as FoldedDetector).detect(text, scan)) findings.push(finding);
      if (seeksPlaces) for (const finding of findPlacesAgain(text, findings)) findings.push(finding);
      return findings;
    },
  };
}
