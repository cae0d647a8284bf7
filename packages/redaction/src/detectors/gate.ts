import type { Finding, FoldedDetector } from '../detector.ts';
import type { DetectionType } from '../types.ts';
import { shapeOf } from './text-shape.ts';

/** A detector, the bits of the shape without any of which it finds nothing (0: it always runs), and the types it can give. */
export type Gate = readonly [needs: number, detector: FoldedDetector, ...types: DetectionType[]];

/** The detectors of the wanted types as one: the text is read once for what it has, and only those that fit it run. */
export function gateDetectors(gates: readonly Gate[], wanted: ReadonlySet<DetectionType>): FoldedDetector {
  const chosen = gates.filter(([, , ...types]) => types.some((type) => wanted.has(type)));
  return {
    id: 'built-in',
    view: 'folded',
    detect(text) {
      const shape = shapeOf(text);
      const findings: Finding[] = [];
      for (const [needs, detector] of chosen)
        if (needs === 0 || (shape & needs) !== 0) for (const finding of detector.detect(text)) findings.push(finding);
      return findings;
    },
  };
}
