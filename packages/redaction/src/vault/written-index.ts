import type { EntryType } from '../types.ts';
import { entryOf, isWritten, typeOf, type Values } from './values.ts';

import { type Memory, takeNumbers } from './memory.ts';

/** Finds the form of a spelling without the keyed hash that a new one costs, and without keeping a string. */
export interface WrittenIndex {
  readonly memory: Memory;
  /** Pairs: a hash of type and spelling, and the form plus one; zero where there is none. */
  slots: Int32Array;
  count: number;
}

const PAIR = 2;
const FIRST_SLOTS = 16;
/** Places that a spelling may have. Whoever thinks up many of one hash gets the longer way, and no more than that. */
const MOST_PROBES = 8;
const EMPTY = new Int32Array(0);

/** An index of nothing, without memory. */
export function createWrittenIndex(memory: Memory): WrittenIndex {
  return { memory, slots: EMPTY, count: 0 };
}

/** The form that was remembered last for a spelling of a type; -1 when there is none, or when it gave way to others. */
export function findWritten({ slots }: WrittenIndex, values: Values, type: EntryType, written: string): number {
  const slot = slots.length === 0 ? -1 : findSlot(slots, hash(type, written), values, type, written);
  return slot < 0 ? -1 : (slots[slot + 1] as number) - 1;
}

/** Remembers a form for its spelling. */
export function addWritten(index: WrittenIndex, values: Values, form: number, type: EntryType, written: string): void {
  if (2 * PAIR * index.count >= index.slots.length) grow(index);
  const own = hash(type, written);
  const slot = findSlot(index.slots, own, values, type, written);
  const place = slot < 0 ? ~slot : slot;
  if (index.slots[place + 1] === 0) index.count++;
  index.slots[place] = own;
  index.slots[place + 1] = form + 1;
}

/** Overwrites and forgets all hashes of spellings; the forms stay. */
export function eraseWritten(index: WrittenIndex): void {
  index.slots.fill(0);
  index.slots = EMPTY;
  index.count = 0;
}

/** The slot of a spelling; when there is none, the complement of the one to put it: the first that is free, or else its own. */
function findSlot(slots: Int32Array, own: number, values: Values, type: EntryType, written: string): number {
  const mask = slots.length / PAIR - 1;
  for (let probe = 0; probe < MOST_PROBES; probe++) {
    const slot = PAIR * ((own + probe) & mask);
    const form = (slots[slot + 1] as number) - 1;
    if (form < 0) return ~slot;
    if (slots[slot] === own && isWritten(values, form, written) && typeOf(values, entryOf(values, form)) === type)
      return slot;
  }
  return ~(PAIR * (own & mask));
}

/** FNV-1a over code units. It takes no key, so it tells a short number: overwritten like the numbers themselves, and never written down. */
function hash(type: EntryType, written: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < type.length; at++) value = Math.imul(value ^ type.charCodeAt(at), 0x01000193);
  for (let at = 0; at < written.length; at++) value = Math.imul(value ^ written.charCodeAt(at), 0x01000193);
  // The lowest bits choose the slot, and know least of the text.
  return value ^ (value >>> 15);
}

function grow(index: WrittenIndex): void {
  const kept = index.slots;
  index.slots = takeNumbers(index.memory, Math.max(FIRST_SLOTS * PAIR, 4 * kept.length));
  const mask = index.slots.length / PAIR - 1;
  for (let at = 0; at < kept.length; at += PAIR) {
    if (kept[at + 1] === 0) continue;
    let slot = (kept[at] as number) & mask;
    while (index.slots[PAIR * slot + 1] !== 0) slot = (slot + 1) & mask;
    index.slots.set(kept.subarray(at, at + PAIR), PAIR * slot);
  }
  kept.fill(0);
}
