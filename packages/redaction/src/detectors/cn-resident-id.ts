import { isCnResidentId } from '../checksums/cn-resident-id.ts';
import type { FoldedDetector } from '../detector.ts';
import { createIdentifierDetector } from './identifier.ts';

/** Resident identity numbers of China, alone when the date in them may be one and the check character holds. */
export const cnResidentIdDetector: FoldedDetector = createIdentifierDetector('cn-resident-id', {
  type: 'NATIONAL_ID',
  candidate: /(?<![\w.-])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX](?!\w|[-.]\d)/y,
  digits: 17,
  verify: isCnResidentId,
  keywords: /\u8eab\u4efd[\u8bc1\u8b49]|\bresident identity\b/i,
  alone: true,
});
