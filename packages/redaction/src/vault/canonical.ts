import { fold } from '../folded-view.ts';
import type { EntryType } from '../types.ts';

const DIGITS_ONLY: ReadonlySet<EntryType> = new Set([
  'CREDIT_CARD',
  'US_SSN',
  'NHS_NUMBER',
  'US_NPI',
  'US_ABA',
  'IMEI',
  'PHONE',
]);
const LETTERS_AND_DIGITS: ReadonlySet<EntryType> = new Set([
  'IBAN',
  'MRN',
  'US_DEA',
  'VIN',
  'BIC',
  'MEMBER_ID',
  'BANK_ACCOUNT',
  'LICENSE',
  'PASSPORT',
  'TAX_ID',
  'LICENSE_PLATE',
  'DEVICE_ID',
  'OTHER_ID',
]);

const SPACE = 0x20;

/** The value without spelling, so that one value has one id however it is written. Literals, secrets and addresses of chains count as written. */
export function canonicalValue(type: EntryType, written: string): string {
  if (type === 'LITERAL' || type === 'SECRET' || type === 'CRYPTO_ADDRESS') return written;
  const folded = fold(written).toLowerCase();
  if (DIGITS_ONLY.has(type)) return folded.replace(/[^0-9+a-z]/g, '');
  if (LETTERS_AND_DIGITS.has(type)) return folded.replace(/[^0-9a-z]/g, '');
  return isSpacedOddly(folded) ? folded.replace(/\s+/g, ' ').trim() : folded;
}

/** Whether anything but single spaces between other characters of ASCII may stand in a text. */
function isSpacedOddly(text: string): boolean {
  let isBehindSpace = true;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7e || code < SPACE || (code === SPACE && isBehindSpace)) return true;
    isBehindSpace = code === SPACE;
  }
  return isBehindSpace;
}
