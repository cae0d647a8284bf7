import type { FoldedDetector } from '../detector.ts';
import { redactionError } from '../errors.ts';
import { fold } from '../folded-view.ts';
import { isDetectionType, type DetectionType } from '../types.ts';
import { splitWords } from './name-words.ts';
import { findPaths, MOST_WORDS, plant, type WordTree } from './word-tree.ts';

/** Words of a tenant that stand for something, for example its products, wards or employers. */
export interface Dictionary {
  /** What each of the terms is. */
  readonly type: DetectionType;
  /** At most 200,000 terms of at most 200 characters and eight words. Case and the space between words do not count. */
  readonly terms: readonly string[];
}

const MOST_TERMS = 200_000;
const LONGEST_TERM = 200;

/**
 * Finds the terms of some dictionaries as whole words, the longest first. One walk over the words, whatever the number of terms.
 * @throws CloisterError ERR_REDACTION_NAME or ERR_REDACTION_TYPE
 */
export function createTermDetector({ type, terms }: Dictionary): FoldedDetector {
  if (!isDetectionType(type)) throw redactionError('ERR_REDACTION_TYPE');
  if (terms.length > MOST_TERMS)
    throw redactionError('ERR_REDACTION_NAME', { detail: { limit: MOST_TERMS, names: terms.length } });
  const root: WordTree<true> = {};
  terms.forEach((term, position) => {
    const words = typeof term === 'string' && term.length <= LONGEST_TERM ? splitWords(fold(term)) : [];
    if (words.length === 0 || words.length > MOST_WORDS)
      throw redactionError('ERR_REDACTION_NAME', { detail: { position } });
    plant(
      root,
      words.map(({ key }) => key),
    ).hit = true;
  });
  return {
    id: 'terms',
    view: 'folded',
    detect: (text) =>
      findPaths(text, root, () => true).map(({ first, last }) => ({
        type,
        start: first.start,
        end: last.end,
        score: 1,
        verified: false,
      })),
  };
}
