import { isUsDea } from '../checksums/us-dea.ts';
import type { FoldedDetector } from '../detector.ts';
import { createIdentifierDetector } from './identifier.ts';

/** DEA registration numbers, alone when the checksum holds. */
export const usDeaDetector: FoldedDetector = createIdentifierDetector('us-dea', {
  type: 'US_DEA',
  candidate: /(?<![\w-])[A-Za-z][A-Za-z9]\d{7}(?!\w)/g,
  verify: isUsDea,
  keywords: /\bdea\b/i,
  alone: true,
});
