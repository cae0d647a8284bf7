import type { FoldedDetector } from '../detector.ts';
import type { DetectionType } from '../types.ts';

/** Detectors that can find nothing in a text without a trigger, and the types they can give. */
export interface Gate {
  readonly trigger: RegExp;
  readonly detectors: readonly (readonly [FoldedDetector, ...DetectionType[]])[];
}

/**
 * The detectors of the wanted types as one: each trigger is looked for once, and a text without it costs nothing more.
 * @param wanted types somebody asks for
 */
export function gateDetectors(gates: readonly Gate[], wanted: ReadonlySet<DetectionType>): FoldedDetector[] {
  return gates.flatMap(({ trigger, detectors }) => {
    const chosen = detectors.filter(([, ...types]) => types.some((type) => wanted.has(type))).map(([one]) => one);
    return chosen.length === 0 ? [] : [behind(trigger, chosen)];
  });
}

function behind(trigger: RegExp, detectors: readonly FoldedDetector[]): FoldedDetector {
  return {
    id: detectors.map(({ id }) => id).join('+'),
    view: 'folded',
    detect(text) {
      return trigger.test(text) ? detectors.flatMap((detector) => detector.detect(text)) : [];
    },
  };
}
