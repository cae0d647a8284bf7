import { weighted } from './weighted.ts';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const SIGNS = '10X98765432';

/** Whether the last of eighteen characters is the check character of a Chinese resident identity number (GB 11643, ISO 7064 MOD 11-2). */
export function isCnResidentId(value: string): boolean {
  return SIGNS[weighted(value, WEIGHTS) % 11] === value[17];
}
