import type { FoldedDetector } from '../detector.ts';
import { findAll } from './find-all.ts';

const URL_START =
  /(?<![\p{L}\p{N}])(?:(?:https?|ftps?|sftp|wss?):\/\/|www\.(?=[\p{L}\p{N}]))[^\s<>"`{}|\\^]{1,2048}/giu;
const TRAILING = /[.,;:!?'")\]}*_]{1,64}$/;

/** Web addresses with a scheme (RFC 3986) or `www.`. Closing punctuation of the sentence stays outside. */
export const urlDetector: FoldedDetector = {
  id: 'url',
  view: 'folded',
  detect: (text) =>
    findAll(text, URL_START, (match) => {
      const [start, length] = [match.index, trimmedLength(match[0])];
      const host = /^(?:[a-z]+:\/\/|www\.)[^/?#]/i.test(match[0].slice(0, length));
      return host ? { type: 'URL', start, end: start + length, score: 0.9, verified: false } : undefined;
    }),
};

function trimmedLength(address: string): number {
  const tail = TRAILING.exec(address.slice(-64));
  if (tail === null) return address.length;
  // A closing bracket that the address opened belongs to it.
  const keep = tail[0].startsWith(')') && address.includes('(') ? 1 : 0;
  return address.length - tail[0].length + keep;
}
