/** Numbers that were printed in advertisements and belong to nobody. */
const SAMPLES: ReadonlySet<string> = new Set(['078051120', '219099999']);

/**
 * Whether nine digits can be a United States social security number: area 001 to 899 without 666, group and serial not zero (Social
 * Security Administration, randomisation rules of 2011), no repeated digit, no known sample.
 */
export function isUsSsn(digits: string): boolean {
  if (!/^\d{9}$/.test(digits) || SAMPLES.has(digits) || /^(\d)\1{8}$/.test(digits)) return false;
  const area = digits.slice(0, 3);
  return area !== '000' && area !== '666' && area < '900' && digits.slice(3, 5) !== '00' && digits.slice(5) !== '0000';
}
