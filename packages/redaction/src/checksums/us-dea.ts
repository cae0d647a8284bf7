/**
 * Whether a text is a DEA registration number: registrant letter, letter or 9, seven digits of which the last is the unit
 * of (d1+d3+d5) + 2(d2+d4+d6).
 */
export function isUsDea(text: string): boolean {
  if (!/^[A-HJ-NP-UX][A-Z9]\d{7}$/i.test(text)) return false;
  const digit = (index: number): number => text.charCodeAt(index + 1) - 48;
  const sum = digit(1) + digit(3) + digit(5) + 2 * (digit(2) + digit(4) + digit(6));
  return sum % 10 === digit(7);
}
