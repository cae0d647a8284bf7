import { ibanLength, isIban } from '../checksums/iban.ts';
import type { Finding, FoldedDetector } from '../detector.ts';
import { hasKeyword } from './context.ts';
import { findAll } from './find-all.ts';

const START = /(?<![A-Za-z0-9])([A-Za-z]{2})\d{2}(?=[ -]?[A-Za-z0-9])/g;
const KEYWORDS = /\biban\b/i;

/**
 * International bank account numbers (ISO 13616), whole or in groups. A number that fails modulo 97 is found only beside the
 * word IBAN, and then says `verified: false`.
 */
export const ibanDetector: FoldedDetector = {
  id: 'iban',
  view: 'folded',
  detect: (text) => findAll(text, START, (match) => judge(text, match.index, match[1] ?? '')),
};

function judge(text: string, start: number, country: string): Finding | undefined {
  const length = ibanLength(country);
  const whole = length === undefined ? -1 : endOf(text, start, length);
  // Behind its word also one of the wrong length, or of a country that has none.
  const end = whole < 0 && hasKeyword(text, start, start, KEYWORDS) ? endOfAny(text, start) : whole;
  if (end < 0) return undefined;
  const verified = isIban(text.slice(start, end).replace(/[ -]/g, ''));
  if (!verified && !hasKeyword(text, start, end, KEYWORDS)) return undefined;
  return { type: 'IBAN', start, end, score: verified ? 1 : 0.6, verified };
}

// The shape of any.
const ANY = /[A-Z]{2}\d{2}(?:[ -]?[A-Z\d]{1,4}){3,8}(?:[ -]?[A-Z\d]){0,4}(?![A-Za-z\d])/gy;

/** Offset behind a number in the shape of one; -1 when there is none. */
function endOfAny(text: string, start: number): number {
  ANY.lastIndex = start;
  const match = ANY.exec(text);
  return match === null || match[0].replace(/[ -]/g, '').length < 15 ? -1 : ANY.lastIndex;
}

/** Offset behind `length` letters and digits with at most one space or dash between them; -1 when there are fewer or more. */
function endOf(text: string, start: number, length: number): number {
  let index = start;
  for (let taken = 0; taken < length; index++) {
    if (isPart(text, index)) taken++;
    else if (!isJoint(text, index) || !isPart(text, index + 1)) return -1;
  }
  return isPart(text, index) ? -1 : index;
}

/** A letter or digit of ASCII. */
function isPart(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a);
}

function isJoint(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code === 0x20 || code === 0x2d;
}
