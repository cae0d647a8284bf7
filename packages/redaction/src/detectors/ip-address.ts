import type { Finding, FoldedDetector } from '../detector.ts';
import { findAll, findAtNumbers, findingOf } from './find-all.ts';
import { BLOCK, type NumberStart, SHORT_BLOCK } from './number-block.ts';
import { scanText, SHAPE } from './scan-text.ts';

const V4 = /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)/y;
const FIRST_OF_FOUR: NumberStart = { fewest: 4, whole: 0, begun: SHORT_BLOCK, behind: BLOCK.dot };
const COLON = 0x3a;
const LONGEST_GROUP = 4;
const V6 = /(?<![\w:.])(?=[0-9a-f]{0,4}:)[0-9a-f:]{2,39}(?:\.\d{1,3}){0,3}(?![\w:])/gi;

/** IPv4 (dotted decimal) and IPv6 addresses (RFC 4291 section 2.2, compressed forms included). */
export const ipAddressDetector: FoldedDetector = {
  id: 'ip-address',
  view: 'folded',
  detect: (text, scan = scanText(text)) => [
    ...findAtNumbers(text, scan, FIRST_OF_FOUR, V4, (match) => addressIf(isV4(match[0]), match)),
    ...((scan.shape & SHAPE.colons) !== 0 ? findAll(text, V6, (match) => addressIf(isV6(match[0]), match)) : []),
  ],
};

function addressIf(valid: boolean, match: RegExpExecArray): Finding | undefined {
  return valid ? findingOf(match, 'IP_ADDRESS', 0.9, true) : undefined;
}

function isV4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

function isV6(text: string): boolean {
  const tail = text.lastIndexOf(':') + 1;
  const embedded = text.includes('.');
  if (embedded && !isV4(text.slice(tail))) return false;
  return hasV6Groups(embedded ? `${text.slice(0, tail)}0:0` : text);
}

/** Whether hexadecimal digits and colons are an address: eight groups of at most four digits, or fewer and `::` once. */
function hasV6Groups(text: string): boolean {
  let [groups, digits, gaps] = [0, 0, 0];
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) !== COLON) {
      if (++digits > LONGEST_GROUP) return false;
      continue;
    }
    if (text.charCodeAt(at + 1) === COLON) {
      if (++gaps > 1 || text.charCodeAt(at + 2) === COLON) return false;
      at++;
    } else if (digits === 0 || at + 1 === text.length) return false;
    if (digits > 0) groups++;
    digits = 0;
  }
  if (digits > 0) groups++;
  // Two groups and `::` alone also write times and scopes, so they do not count.
  return gaps === 1 ? groups >= 2 && groups <= 7 : groups === 8;
}
