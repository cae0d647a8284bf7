const VALUES = '0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ';
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/** Whether a text is a vehicle identification number with a correct check character in position 9 (49 CFR 565.15(c)). */
export function isVin(text: string): boolean {
  const upper = text.toUpperCase();
  if (!/^[A-HJ-NPR-Z0-9]{8}[0-9X][A-HJ-NPR-Z0-9]{8}$/.test(upper)) return false;
  let sum = 0;
  for (let index = 0; index < 17; index++) sum += (VALUES.indexOf(upper[index] ?? '') % 10) * (WEIGHTS[index] ?? 0);
  return '0123456789X'[sum % 11] === upper[8];
}
