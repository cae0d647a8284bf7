import { isUsAba } from '../checksums/us-aba.ts';
import type { FoldedDetector } from '../detector.ts';
import { createIdentifierDetector } from './identifier.ts';

/** ABA routing numbers beside their keyword. */
export const usAbaDetector: FoldedDetector = createIdentifierDetector('us-aba', {
  type: 'US_ABA',
  candidate: /(?<![\w.-])\d{9}(?![\w]|[-.]\d)/y,
  digits: 9,
  verify: isUsAba,
  keywords: /\b(?:aba|routing|rtn|transit)\b/i,
  alone: false,
});
