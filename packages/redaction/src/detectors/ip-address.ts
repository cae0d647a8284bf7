import type { Finding, FoldedDetector } from '../detector.ts';
import { findAll, findAtNumbers, findingOf } from './find-all.ts';
import { scanText, SHAPE } from './scan-text.ts';

const V4 = /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)/y;
const V6 = /(?<![\w:.])(?=[0-9a-f]{0,4}:)[0-9a-f:]{2,39}(?:\.\d{1,3}){0,3}(?![\w:])/gi;

/** IPv4 (dotted decimal) and IPv6 addresses (RFC 4291 section 2.2, compressed forms included). */
export const ipAddressDetector: FoldedDetector = {
  id: 'ip-address',
  view: 'folded',
  detect: (text, scan = scanText(text)) => [
    ...findAtNumbers(text, scan, 4, V4, (match) => addressIf(isV4(match[0]), match)),
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
  const halves = (embedded ? `${text.slice(0, tail)}0:0` : text).split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  // Two groups and `::` alone also write times and scopes, so they do not count.
  const plausible = halves.length === 2 ? groups.length >= 2 && groups.length <= 7 : groups.length === 8;
  return plausible && groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group));
}
