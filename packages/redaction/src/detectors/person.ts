import type { Finding, FoldedDetector } from '../detector.ts';
import { createNameIndex, type NameHit } from './name-index.ts';
import { COMMON_WORDS, TITLES } from './name-words.ts';
import { findPaths, type TreeMatch } from './word-tree.ts';

/**
 * People of a tenant's dictionary: full name in any case, "Surname, Given", "G. Surname", and surname or given name alone with a capital
 * letter. All forms of one person share an id; a form that two people share has an id of its own. A possessive ending stays
 * outside the span. One walk over the words, each look-up at most eight words deep.
 * @throws CloisterError ERR_REDACTION_NAME
 */
export function createPersonDetector(names: readonly string[]): FoldedDetector {
  const root = createNameIndex(names);
  return {
    id: 'person',
    view: 'folded',
    detect: (text) =>
      root.next === undefined ? [] : findPaths(text, root, isName).map((match) => describe(text, match)),
  };
}

function isName({ first, last, before, hit }: TreeMatch<NameHit>): boolean {
  if (hit.whole && last.start > first.start) return true;
  return first.capital && (!COMMON_WORDS.has(first.key) || TITLES.has(before));
}

function describe(text: string, { first, last, hit }: TreeMatch<NameHit>): Finding {
  const canonical = hit.person ?? `shared ${text.slice(first.start, last.end).toLowerCase()}`;
  return { type: 'PERSON', start: first.start, end: last.end, score: hit.whole ? 1 : 0.8, verified: false, canonical };
}
