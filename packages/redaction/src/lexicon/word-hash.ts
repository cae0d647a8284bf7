/** The hash of a word goes on with its next code unit; it begins with 0. */
export function addUnit(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193) ^ (hash >>> 15);
}
