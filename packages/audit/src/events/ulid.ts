import { systemRandom, type RandomSource } from '@cloister/core';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_LENGTH = 10;
const RANDOM_BYTES = 10;

// A call into the generator of the platform takes longer than the rest of an id, so one call serves many.
const POOL_BYTES = 400 * RANDOM_BYTES;
let pool: Uint8Array = new Uint8Array(0);
let used = 0;

const pooledRandom: RandomSource = (length) => {
  if (used + length > pool.length) {
    pool = systemRandom(POOL_BYTES);
    used = 0;
  }
  return pool.subarray(used, (used += length));
};

/**
 * A ULID: 48 bits of time and 80 random bits, most significant first, in 26 characters.
 * @param ts milliseconds since the epoch; @param random 10 bytes an id
 */
export function createUlid(ts: number, random: RandomSource = pooledRandom): string {
  let time = '';
  for (let rest = ts; time.length < TIME_LENGTH; rest = Math.floor(rest / 32))
    time = CROCKFORD.charAt(rest % 32) + time;
  let [text, bits, held] = [time, 0, 0];
  for (const byte of random(RANDOM_BYTES)) {
    bits = (bits << 8) | byte;
    for (held += 8; held >= 5;) {
      held -= 5;
      text += CROCKFORD.charAt((bits >> held) & 31);
    }
    bits &= (1 << held) - 1;
  }
  return text;
}
