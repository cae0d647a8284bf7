import { systemRandom } from '@cloister/core';
import type { RandomSource } from '@cloister/core';

/** Where a canary is put. */
export const CANARY_PLACES = ['prompt', 'document', 'system', 'tool-arguments', 'answer', 'error-body'] as const;

/** One of `CANARY_PLACES`. */
export type CanaryPlace = (typeof CANARY_PLACES)[number];

/** A text that nobody would write by chance. */
export interface Canary {
  readonly place: CanaryPlace;
  /** 32 letters from a to p: 128 random bits, and neither a number nor a word that a detector would mask. */
  readonly text: string;
}

/** One canary for each place. @param random 16 bytes each */
export function createCanaries(random: RandomSource = systemRandom): Readonly<Record<CanaryPlace, Canary>> {
  const entries = CANARY_PLACES.map((place) => [place, { place, text: letters(random(16)) }] as const);
  return Object.fromEntries(entries) as Record<CanaryPlace, Canary>;
}

function letters(bytes: Uint8Array): string {
  return [...bytes].map((byte) => String.fromCharCode(97 + (byte >> 4), 97 + (byte & 15))).join('');
}
