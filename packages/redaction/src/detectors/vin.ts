import { isVin } from '../checksums/vin.ts';
import type { FoldedDetector } from '../detector.ts';
import { createIdentifierDetector } from './identifier.ts';

/** Vehicle identification numbers, alone when the check character holds. */
export const vinDetector: FoldedDetector = createIdentifierDetector('vin', {
  type: 'VIN',
  candidate: /(?<![\w-])(?=[A-HJ-NPR-Z0-9]{0,16}\d)[A-HJ-NPR-Z0-9]{17}(?![\w-])/gi,
  verify: isVin,
  keywords: /\b(?:vin|vehicle (?:id|identification)|chassis)\b/i,
  alone: true,
});
