import { isNhsNumber } from '../checksums/nhs-number.ts';
import type { FoldedDetector } from '../detector.ts';
import { createIdentifierDetector } from './identifier.ts';

/** NHS numbers beside the letters NHS: one ten-digit number in eleven passes the checksum by chance. */
export const nhsNumberDetector: FoldedDetector = createIdentifierDetector('nhs-number', {
  type: 'NHS_NUMBER',
  candidate: /(?<![\w.-])\d{3}([ -]?)\d{3}\1\d{4}(?![\w]|[-.]\d)/y,
  digits: 10,
  verify: isNhsNumber,
  keywords: /\bnhs\b/i,
  alone: false,
});
