import { isUsNpi } from '../checksums/us-npi.ts';
import type { FoldedDetector } from '../detector.ts';
import { createIdentifierDetector } from './identifier.ts';

/** National Provider Identifiers beside their keyword. */
export const usNpiDetector: FoldedDetector = createIdentifierDetector('us-npi', {
  type: 'US_NPI',
  candidate: /(?<![\w.-])\d{10}(?![\w]|[-.]\d)/y,
  digits: 10,
  verify: isUsNpi,
  keywords: /\b(?:npi|national provider|provider (?:id|no|number))\b/i,
  alone: false,
});
