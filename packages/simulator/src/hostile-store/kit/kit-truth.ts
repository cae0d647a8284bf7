import type { KitAnswer } from './kit-world.ts';

interface Held {
  readonly owner: number;
  /** What the document may say: one text, or after an error the one before and the one that failed. */
  readonly texts: readonly string[];
  /** Whether the document is there for sure. */
  readonly certain: boolean;
}

/** What is wrong with one answer. */
export interface AnswerFaults {
  /** Texts of somebody else. */
  readonly foreign: number;
  /** Own texts that are no longer true, and texts that nobody wrote. */
  readonly stale: number;
  /** Documents that the caller has for sure and did not get. */
  readonly missing: number;
}

/** What every caller's documents say, as far as the system acknowledged it. */
export class KitTruth {
  readonly #held = new Map<string, Held>();
  /** Who wrote a text first. */
  readonly #authors = new Map<string, number>();

  /** Who has the document now; `undefined`: nobody for sure. */
  ownerOf(id: string): number | undefined {
    return this.#held.get(id)?.owner;
  }

  /** @param failed whether the system threw, so that it may or may not have been done */
  wrote(id: string, owner: number, text: string, failed: boolean): void {
    const before = this.#held.get(id);
    this.#authors.set(text, owner);
    const texts = failed ? [...(before?.texts ?? []), text] : [text];
    this.#held.set(id, { owner, texts, certain: !failed || before?.certain === true });
  }

  /** @param failed see `wrote` */
  removed(id: string, failed: boolean): void {
    const before = this.#held.get(id);
    if (before === undefined) return;
    if (failed) this.#held.set(id, { ...before, certain: false });
    else this.#held.delete(id);
  }

  /** After an error nobody knows who has it: both may find it, nobody must. @param failed see `wrote` */
  handedOver(id: string, to: number, failed: boolean): void {
    const before = this.#held.get(id);
    if (before === undefined) return;
    for (const text of before.texts) this.#authors.set(text, failed ? ANYBODY : to);
    this.#held.set(id, { ...before, owner: to, certain: before.certain && !failed });
  }

  /** Compares an answer with what the caller must and may find. */
  judge(caller: number, { texts }: KitAnswer): AnswerFaults {
    const mine = [...this.#held.values()].filter(({ owner }) => owner === caller);
    const allowed = new Set(mine.flatMap((held) => held.texts));
    const found = new Set(texts);
    let [foreign, stale] = [0, 0];
    for (const text of texts) {
      const author = this.#authors.get(text);
      if (allowed.has(text) || author === ANYBODY) continue;
      if (author === undefined || author === caller) stale++;
      else foreign++;
    }
    const missing = mine.filter((held) => held.certain && !held.texts.some((text) => found.has(text))).length;
    return { foreign, stale, missing };
  }
}

const ANYBODY = -1;
