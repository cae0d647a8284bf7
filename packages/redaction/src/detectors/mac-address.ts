import type { FoldedDetector } from '../detector.ts';

const MAC =
  /(?<![\w:.-])[\da-f]{2}(?:([:-])[\da-f]{2})(?:\1[\da-f]{2}){4}(?![\w:-])|(?<![\w.])[\da-f]{4}\.[\da-f]{4}\.[\da-f]{4}(?![\w.])/gi;

/** Addresses of network interfaces (IEEE EUI-48) with colons, dashes or dots. */
export const macAddressDetector: FoldedDetector = {
  id: 'mac-address',
  view: 'folded',
  detect: (text) =>
    [...text.matchAll(MAC)].map((match) => ({
      type: 'MAC_ADDRESS',
      start: match.index,
      end: match.index + match[0].length,
      score: 0.9,
      verified: false,
    })),
};
