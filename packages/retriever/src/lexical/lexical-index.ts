import type { TermSplitter } from './split-terms.ts';

/** How soon repetitions of a word stop to count, and how much the length of a text does (Robertson and Zaragoza, 2009). */
const [K1, B] = [1.2, 0.75];

/** In which texts a word is and how often: pairs of slot and count. */
interface Postings {
  pairs: Uint32Array;
  length: number;
}

/** What a term costs besides its pairs, about. */
const TERM_BYTES = 150;

/**
 * The words of opened texts, for BM25. A text has a slot from `add` until `remove`; `compact` moves the slots together.
 * Words are JavaScript strings, which cannot be zeroed.
 */
export class LexicalIndex {
  readonly #split: TermSplitter;
  readonly #postings = new Map<string, Postings>();
  /** Words of the text in each slot; `undefined` once it is removed. */
  #lengths: (number | undefined)[] = [];
  #removed = 0;
  #bytes = 0;

  /** An empty index. */
  constructor(split: TermSplitter) {
    this.#split = split;
  }

  /** Bytes in memory, about. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Slots so far, those of removed texts included. */
  get slots(): number {
    return this.#lengths.length;
  }

  /** Takes a text in; returns its slot. */
  add(text: string): number {
    const slot = this.#lengths.length;
    const terms = this.#split(text);
    for (const [term, count] of countTerms(terms)) this.#append(term, slot, count);
    this.#lengths.push(terms.length);
    return slot;
  }

  /** Forgets the text in a slot. Its words go with the next `compact`. */
  remove(slot: number): void {
    if (this.#lengths[slot] === undefined) return;
    this.#lengths[slot] = undefined;
    this.#removed++;
  }

  /** Forgets everything. */
  clear(): void {
    this.#postings.clear();
    this.#lengths = [];
    this.#removed = 0;
    this.#bytes = 0;
  }

  /**
   * Once most slots belong to removed texts, gives the others new ones.
   * @returns the new slot by the old one; `undefined` when all stay
   */
  compact(): readonly number[] | undefined {
    if (this.#removed < 64 || 2 * this.#removed < this.#lengths.length) return undefined;
    const kept = this.#lengths.filter((length) => length !== undefined);
    let next = 0;
    const moved = this.#lengths.map((length) => (length === undefined ? -1 : next++));
    for (const [term, postings] of this.#postings) {
      keepSlots(postings, moved);
      if (postings.length > 0) continue;
      this.#postings.delete(term);
      this.#bytes -= TERM_BYTES + postings.pairs.byteLength;
    }
    this.#lengths = kept;
    this.#removed = 0;
    return moved;
  }

  /**
   * BM25 of a question, by slot. Only the texts in `visible` slots count, also for how rare a word is and how long texts
   * are: what somebody may not see does not move the scores that they see.
   * @param visible 1 for each slot that may be seen
   */
  score(question: string, visible: Uint8Array): Float64Array {
    const scores = new Float64Array(this.slots);
    let [texts, words] = [0, 0];
    for (let slot = 0; slot < visible.length; slot++) {
      texts += visible[slot] as number;
      if (visible[slot] === 1) words += this.#lengths[slot] ?? 0;
    }
    for (const term of new Set(this.#split(question))) {
      const postings = this.#postings.get(term);
      if (postings !== undefined) this.#scoreTerm(postings, visible, { texts, mean: words / texts }, scores);
    }
    return scores;
  }

  #scoreTerm(
    { pairs, length }: Postings,
    visible: Uint8Array,
    { texts, mean }: { readonly texts: number; readonly mean: number },
    scores: Float64Array,
  ): void {
    let holders = 0;
    for (let at = 0; at < length; at += 2) holders += visible[pairs[at] as number] as number;
    const rarity = Math.log(1 + (texts - holders + 0.5) / (holders + 0.5));
    for (let at = 0; at < length; at += 2) {
      const slot = pairs[at] as number;
      if (visible[slot] !== 1) continue;
      const count = pairs[at + 1] as number;
      const share = (this.#lengths[slot] ?? 0) / mean;
      scores[slot] = (scores[slot] as number) + (rarity * count * (K1 + 1)) / (count + K1 * (1 - B + B * share));
    }
  }

  #append(term: string, slot: number, count: number): void {
    const known = this.#postings.get(term);
    const postings = known ?? { pairs: new Uint32Array(4), length: 0 };
    if (known === undefined) {
      this.#postings.set(term, postings);
      this.#bytes += TERM_BYTES + postings.pairs.byteLength;
    }
    if (postings.length === postings.pairs.length) {
      const grown = new Uint32Array(2 * postings.length);
      grown.set(postings.pairs);
      this.#bytes += grown.byteLength - postings.pairs.byteLength;
      postings.pairs = grown;
    }
    postings.pairs[postings.length++] = slot;
    postings.pairs[postings.length++] = count;
  }
}

function countTerms(terms: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

/** Keeps the pairs whose slot has a new number, under that number. */
function keepSlots(postings: Postings, moved: readonly number[]): void {
  const { pairs, length } = postings;
  let kept = 0;
  for (let at = 0; at < length; at += 2) {
    const slot = moved[pairs[at] as number] as number;
    if (slot < 0) continue;
    pairs[kept++] = slot;
    pairs[kept++] = pairs[at + 1] as number;
  }
  postings.length = kept;
}
