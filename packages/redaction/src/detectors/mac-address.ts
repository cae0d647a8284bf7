import type { FoldedDetector } from '../detector.ts';
import { findAll, findingOf } from './find-all.ts';

const MAC =
  /(?<![\w:.-])[\da-f]{2}(?:([:-])[\da-f]{2})(?:\1[\da-f]{2}){4}(?![\w:-])|(?<![\w.])[\da-f]{4}\.[\da-f]{4}\.[\da-f]{4}(?![\w.])/gi;

/** Addresses of network interfaces (IEEE EUI-48) with colons, dashes or dots. */
export const macAddressDetector: FoldedDetector = {
  id: 'mac-address',
  view: 'folded',
  detect: (text) => findAll(text, MAC, (match) => findingOf(match, 'MAC_ADDRESS', 0.9, false)),
};
