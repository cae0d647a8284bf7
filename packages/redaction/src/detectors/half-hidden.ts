import type { FoldedDetector } from '../detector.ts';
import { findAll, findingOf } from './find-all.ts';

const TRIGGER = /[X*#]{2}/i;
const CARD =
  /(?<![\w*.-])(?:\d{4}|[X*]{4})([ -]?)(?:[X*]{4}\1){1,2}\d{4}(?![\w-])|(?<![\w*.-])\d{4,6}[X*]{5,12}\d{4}(?![\w-])/gi;
const SOCIAL_SECURITY =
  /(?<![\w*-])(?:[X*#]{3}-?[X*#]{2}-?\d{4}|\d{3}-(?:[X*#]{2}-(?:[X*#]{4}|\d{4})|\d{2}-[X*#]{4}))(?![\w-])/gi;

/** Card and social security numbers of which somebody has hidden a part: the rest still points at a person. */
export const halfHiddenDetector: FoldedDetector = {
  id: 'half-hidden',
  view: 'folded',
  detect: (text) =>
    TRIGGER.test(text)
      ? [
          ...findAll(text, CARD, (match) => findingOf(match, 'CREDIT_CARD', 0.7, false)),
          ...findAll(text, SOCIAL_SECURITY, (match) => findingOf(match, 'US_SSN', 0.7, false)),
        ]
      : [],
};
