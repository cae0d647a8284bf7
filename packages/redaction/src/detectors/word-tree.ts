import type { Word } from './name-words.ts';
import { readWord, wordEnd, wordStart } from './name-words.ts';

/** A tree of words: one step of a walk costs one look-up, however many terms there are. */
export interface WordTree<Hit> {
  next?: Map<string, WordTree<Hit>>;
  hit?: Hit;
}

/** The first and last word of a match, the word before it in lower case, and what the path stands for. */
export interface TreeMatch<Hit> {
  readonly first: Word;
  readonly last: Word;
  readonly before: string;
  readonly hit: Hit;
}

/** Words in one term at most; a look-up never goes deeper. */
export const MOST_WORDS = 8;
const LONGEST_GAP = 4;
const GAP = /^[\s.,'"-]*$/;

/** The node at the end of a path, made where it is missing. */
export function plant<Hit>(root: WordTree<Hit>, keys: readonly string[]): WordTree<Hit> {
  let node = root;
  for (const key of keys) {
    const children = (node.next ??= new Map<string, WordTree<Hit>>());
    const child = children.get(key) ?? {};
    children.set(key, child);
    node = child;
  }
  return node;
}

/**
 * The longest paths that stand in a text, from left to right and without overlaps; one that `accept` turns down gives way to
 * what begins behind its first word.
 */
export function findPaths<Hit>(
  text: string,
  root: WordTree<Hit>,
  accept: (match: TreeMatch<Hit>) => boolean,
): TreeMatch<Hit>[] {
  const found: TreeMatch<Hit>[] = [];
  let before = '';
  for (let start = wordStart(text, 0); start >= 0;) {
    let end = wordEnd(text, start);
    const key = text.slice(start, end).toLowerCase();
    const node = root.next?.get(key);
    const match = node === undefined ? undefined : longest(text, node, readWord(text, start, end), before);
    before = key;
    if (match !== undefined && accept(match)) {
      found.push(match);
      ({ end, key: before } = match.last);
    }
    start = wordStart(text, end);
  }
  return found;
}

function longest<Hit>(text: string, root: WordTree<Hit>, first: Word, before: string): TreeMatch<Hit> | undefined {
  let [node, last]: [WordTree<Hit>, Word] = [root, first];
  let match = node.hit === undefined ? undefined : { first, last, before, hit: node.hit };
  for (let words = 1; words < MOST_WORDS && node.next !== undefined; words++) {
    const start = wordStart(text, last.end, LONGEST_GAP);
    if (start < 0 || !GAP.test(text.slice(last.end, start))) break;
    last = readWord(text, start, wordEnd(text, start));
    const child = node.next.get(last.key);
    if (child === undefined) break;
    node = child;
    if (node.hit !== undefined) match = { first, last, before, hit: node.hit };
  }
  return match;
}
