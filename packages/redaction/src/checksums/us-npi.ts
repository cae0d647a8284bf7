import { isLuhn } from './luhn.ts';

/** Whether ten digits are a United States National Provider Identifier: first digit 1 or 2, Luhn over 80840 and the number (45 CFR 162.406). */
export function isUsNpi(digits: string): boolean {
  return /^[12]\d{9}$/.test(digits) && isLuhn(`80840${digits}`);
}
