import type { FoldedDetector } from '../detector.ts';
import { findAll, findingOf } from './find-all.ts';
import { LOOKALIKE } from '../vault/token.ts';
import { LITERAL } from '../types.ts';

/**
 * What a person or a model could take for one of our tokens, in the folded view: wider than the grammar of DESIGN 6.5, so
 * that altered spellings are inert as well. Always on; the matches become entries that stand for themselves.
 */
export const lookalikeDetector: FoldedDetector = {
  id: 'lookalike',
  view: 'folded',
  detect: (text) => (/[[_]/.test(text) ? findAll(text, LOOKALIKE, (match) => findingOf(match, LITERAL, 0, false)) : []),
};
