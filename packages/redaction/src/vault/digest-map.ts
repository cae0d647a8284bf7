import { type Memory, takeNumbers } from './memory.ts';

/**
 * Numbers under keyed digests of 64 bits: two of the most values that a vault holds have them in common with a
 * probability below 10^-9, and would share an id then, while each spelling still comes back as itself.
 */
export interface DigestMap {
  readonly memory: Memory;
  /** Rows of three: two words of the digest and the number plus one; zero where there is none. */
  slots: Int32Array;
  count: number;
}

const ROW = 3;
const WORDS = 2;
const FIRST_SLOTS = 16;
const EMPTY = new Int32Array(0);

/** A map that holds nothing, and no memory for anything. */
export function createDigestMap(memory: Memory): DigestMap {
  return { memory, slots: EMPTY, count: 0 };
}

/** The number under a digest; -1 when there is none. */
export function findDigest({ slots }: DigestMap, digest: Int32Array): number {
  return slots.length === 0 ? -1 : (slots[placeOf(slots, digest, 0) + WORDS] as number) - 1;
}

/** Puts `value`, zero or more, under a digest. */
export function setDigest(map: DigestMap, digest: Int32Array, value: number): void {
  if (2 * ROW * map.count >= map.slots.length) grow(map);
  const place = placeOf(map.slots, digest, 0);
  if (map.slots[place + WORDS] === 0) {
    for (let word = 0; word < WORDS; word++) map.slots[place + word] = digest[word] as number;
    map.count++;
  }
  map.slots[place + WORDS] = value + 1;
}

/** Takes the slots of another map over; the array is theirs from now on. */
export function loadDigests(map: DigestMap, slots: Int32Array): void {
  map.slots = slots;
  map.count = slots.filter((value, at) => at % ROW === WORDS && value !== 0).length;
}

/** Overwrites and forgets everything. */
export function eraseDigests(map: DigestMap): void {
  map.slots.fill(0);
  map.slots = EMPTY;
  map.count = 0;
}

/** The first 64 bits of a digest as two numbers, written to an array. */
export function readWords(digest: Uint8Array, words: Int32Array): Int32Array {
  for (let word = 0; word < WORDS; word++) {
    const at = 4 * word;
    words[word] =
      ((digest[at] as number) << 24) |
      ((digest[at + 1] as number) << 16) |
      ((digest[at + 2] as number) << 8) |
      (digest[at + 3] as number);
  }
  return words;
}

/** Where a digest is or belongs. Digests under a secret key spread by themselves, whoever chooses the values. */
function placeOf(slots: Int32Array, from: Int32Array, at: number): number {
  const places = slots.length / ROW;
  for (let slot = (from[at] as number) & (places - 1); ; slot = (slot + 1) & (places - 1)) {
    const place = slot * ROW;
    if (slots[place + WORDS] === 0 || isAt(slots, place, from, at)) return place;
  }
}

function isAt(slots: Int32Array, place: number, from: Int32Array, at: number): boolean {
  for (let word = 0; word < WORDS; word++) if (slots[place + word] !== from[at + word]) return false;
  return true;
}

function grow(map: DigestMap): void {
  const kept = map.slots;
  map.slots = takeNumbers(map.memory, Math.max(FIRST_SLOTS * ROW, 4 * kept.length));
  for (let at = 0; at < kept.length; at += ROW)
    if (kept[at + WORDS] !== 0) map.slots.set(kept.subarray(at, at + ROW), placeOf(map.slots, kept, at));
  kept.fill(0);
}
