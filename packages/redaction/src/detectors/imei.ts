import { isImei } from '../checksums/imei.ts';
import type { FoldedDetector } from '../detector.ts';
import { createIdentifierDetector } from './identifier.ts';

/** Device identities (IMEI) beside their keyword: fifteen digits with a Luhn digit are as often a payment card. */
export const imeiDetector: FoldedDetector = createIdentifierDetector('imei', {
  type: 'IMEI',
  candidate: /(?<![\w.-])(?:\d{15}|\d{2}([ -])\d{6}\1\d{6}\1\d)(?![\w]|[-.]\d)/y,
  digits: 15,
  verify: isImei,
  keywords: /\b(?:imei|handset|device (?:id|no|number|serial))\b/i,
  alone: false,
});
