import { type RandomSource, systemRandom, toHex } from '@cloister/core';

/** A canary, 16 hexadecimal digits: one for each session, so that its prompts still share a prefix. */
export function createCanary(random: RandomSource = systemRandom): string {
  return toHex(random(8));
}
