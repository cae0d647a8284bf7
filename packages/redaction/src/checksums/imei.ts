import { isLuhn } from './luhn.ts';

/** Whether fifteen digits are an International Mobile Equipment Identity with a correct Luhn digit (3GPP TS 23.003 annex B). */
export function isImei(digits: string): boolean {
  return /^\d{15}$/.test(digits) && !/^0{8}/.test(digits) && isLuhn(digits);
}
