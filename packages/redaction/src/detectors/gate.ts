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
export function opens(gate: Gate, scan: TextScan): boolean {
  return answers(readNeeds(gate), scan);
}

/** What a gate needs, as bits to compare: 0 where anything will do. */
interface Bits {
  readonly shape: number;
  readonly words: number;
}

function readNeeds([needs]: Gate): Bits {
  return typeof needs === 'number' ? { shape: needs, words: 0 } : { shape: needs[0], words: groupBit(needs[1]) };
}

function answers(bits: Bits, scan: TextScan): boolean {
  return (bits.shape === 0 || (scan.shape & bits.shape) !== 0) && (bits.words === 0 || (scan.words & bits.words) !== 0);
}

/** The detectors of the wanted types as one: the text is read once for what it has, and only those that fit it run. */
export function gateDetectors(gates: readonly Gate[], wanted: ReadonlySet<DetectionType>): FoldedDetector {
  const chosen = gates
    .filter(([, , ...types]) => types.some((type) => wanted.has(type)))
    .map((gate) => ({ bits: readNeeds(gate), detector: gate[1] }));
  const seeksPlaces = wanted.has('LOCATION');
  return {
    id: 'built-in',
    view: 'folded',
    detect(text) {
      const scan = scanText(text);
      const findings: Finding[] = [];
      for (const { bits, detector } of chosen)
        if (answers(bits, scan)) for (const finding of detector.detect(text, scan)) findings.push(finding);
      if (seeksPlaces) for (const finding of findPlacesAgain(text, findings)) findings.push(finding);
      return findings;
    },
  };
}
