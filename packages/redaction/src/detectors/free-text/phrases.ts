import { lettersEnd, wordStart } from './letters.ts';

/** Phrases of up to a few words, each with the bits of what it tells, and ends (or beginnings) of longer ones. */
export type Phrases = ReadonlyMap<string, number>;

/** The bit of a part of a longer phrase. */
export const MORE = 0x1;
const LONGEST_WORD = 20;
const [COMMA, DOT] = [0x2c, 0x2e] as const;

/**
 * @param kinds bits, and phrases with `|` between them; in a phrase, `/` stands between words of which any will do
 * @param backwards whether phrases are read from their last word on
 */
export function createPhrases(kinds: readonly (readonly [number, string])[], backwards: boolean): Phrases {
  const phrases = new Map<string, number>();
  const add = (key: string, bits: number): void => void phrases.set(key, (phrases.get(key) ?? 0) | bits);
  for (const [bits, list] of kinds) {
    for (const words of list.split('|').flatMap(spellOut)) {
      add(words.join(' '), bits);
      for (let length = 1; length < words.length; length++)
        add((backwards ? words.slice(-length) : words.slice(0, length)).join(' '), MORE);
    }
  }
  return phrases;
}

/** `talk/spoke to` as two phrases, each in words. */
function spellOut(phrase: string): string[][] {
  return phrase
    .split(' ')
    .reduce<string[][]>((begun, word) => begun.flatMap((words) => word.split('/').map((one) => [...words, one])), [[]]);
}

/** What the phrases that end at an index tell, in any case. */
export function readBackwards(text: string, end: number, phrases: Phrases): number {
  let [bits, key, at] = [0, '', end];
  for (;;) {
    const start = wordStart(text, at);
    if (start === at || at - start > LONGEST_WORD) return bits;
    const word = text.slice(start, at).toLowerCase();
    key = key === '' ? word : `${word} ${key}`;
    const found = phrases.get(key) ?? 0;
    bits |= found;
    if ((found & MORE) === 0 || !isSpace(text, start - 1)) return bits;
    const mark = text.charCodeAt(start - 2);
    at = start - (mark === COMMA || mark === DOT ? 2 : 1);
  }
}

/** What the phrases that begin at an index tell, as they are written. */
export function readForwards(text: string, start: number, phrases: Phrases): number {
  let [bits, key, at] = [0, '', start];
  for (;;) {
    const end = lettersEnd(text, at);
    if (end === at || end - at > LONGEST_WORD) return bits;
    key = key === '' ? text.slice(at, end) : `${key} ${text.slice(at, end)}`;
    const found = phrases.get(key) ?? 0;
    bits |= found;
    if ((found & MORE) === 0 || !isSpace(text, end)) return bits;
    at = end + 1;
  }
}

/** Whether a space, a tab or a line break stands at an index. */
export function isSpace(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
