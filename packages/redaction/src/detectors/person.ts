import type { Finding, FoldedDetector } from '../detector.ts';
import { createNameIndex, MOST_WORDS, type NameHit, type NameNode } from './name-index.ts';
import { COMMON_WORDS, splitWords, TITLES, type Word } from './name-words.ts';

const LONGEST_GAP = 4;
const GAP = /^[\s.,'"-]*$/;

interface Match {
  readonly hit: NameHit;
  /** Index of the last word. */
  readonly last: number;
}

/**
 * People of a tenant's dictionary: full name in any case, "Surname, Given", "G. Surname", and surname or given name alone with a capital
 * letter. All forms of one person share an id; a form that two people share has an id of its own. A possessive ending stays
 * outside the span. One walk over the words, each look-up at most eight words deep.
 * @throws CloisterError ERR_REDACTION_NAME
 */
export function createPersonDetector(names: readonly string[]): FoldedDetector {
  const root = createNameIndex(names);
  return { id: 'person', view: 'folded', detect: (text) => (root.next.size === 0 ? [] : detect(text, root)) };
}

function detect(text: string, root: NameNode): Finding[] {
  const words = splitWords(text);
  const findings: Finding[] = [];
  for (let index = 0; index < words.length; index++) {
    const match = longest(text, words, index, root);
    const [first, last] = [words[index], match === undefined ? undefined : words[match.last]];
    if (match === undefined || first === undefined || last === undefined || !isName(words, index, match)) continue;
    findings.push(describe(text, first, last, match.hit));
    index = match.last;
  }
  return findings;
}

function longest(text: string, words: readonly Word[], from: number, root: NameNode): Match | undefined {
  let node: NameNode | undefined = root;
  let match: Match | undefined;
  for (let index = from; index < words.length && index - from <= MOST_WORDS; index++) {
    const [word, before] = [words[index], words[index - 1]];
    if (word === undefined || (index > from && !isGap(text, before?.end ?? 0, word.start))) break;
    node = node.next.get(word.key);
    if (node === undefined) break;
    if (node.hit !== undefined) match = { hit: node.hit, last: index };
  }
  return match;
}

function isGap(text: string, start: number, end: number): boolean {
  return end - start <= LONGEST_GAP && GAP.test(text.slice(start, end));
}

function isName(words: readonly Word[], first: number, match: Match): boolean {
  const word = words[first];
  if (word === undefined || (match.hit.whole && match.last > first)) return true;
  if (!word.capital) return false;
  return !COMMON_WORDS.has(word.key) || TITLES.has(words[first - 1]?.key ?? '');
}

function describe(text: string, first: Word, last: Word, hit: NameHit): Finding {
  const canonical = hit.person ?? `shared ${text.slice(first.start, last.end).toLowerCase()}`;
  return { type: 'PERSON', start: first.start, end: last.end, score: hit.whole ? 1 : 0.8, verified: false, canonical };
}
