import { PLACES } from '../../lexicon/places.ts';
import type { Finding, FoldedDetector } from '../../detector.ts';
import { findEach, findEachAtNumbers, findEachNear } from '../find-all.ts';
import { isDigit } from '../is-digit.ts';
import { isAcronym, isCommon } from '../free-text/known-words.ts';
import { isLetter, isUpper } from '../free-text/letters.ts';
import { FLAT_BEFORE, HOUSE, LONGEST_FLAT, NUMBER_BLOCKS, STREET_BLOCK } from './blocks.ts';
import { BLOCK, LONG_BLOCK } from '../number-block.ts';
import { scanText, SHAPE, type TextScan } from '../scan-text.ts';
import { groupBit } from '../trigger-words.ts';
import {
  type Anchor,
  CAPITAL_ANCHOR,
  ENDING_ANCHORS,
  NUMBER_ANCHORS,
  PART,
  STREET_ENDS,
  UNNAMED_STREET,
  WORD_ANCHORS,
} from './street-words.ts';

const CORNER = groupBit('corner');
// A code behind a comma or a line break; a code of Canada or Britain.
const BLOCK_TRIGGER = /[,\n][ \t>|]{0,4}(?:[A-Z]{1,2}-)?\d{2}|\d{4}|\d ?\d?[A-Z]{2}|[A-Z]\d[A-Z] ?\d/;
const MONTH =
  /^\d{1,2}\s(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\s\d{4}|^\d+\s(?:mg|ml|mcg|g|kg|mmhg|bpm|units?|days?|weeks?|months?|years?|hours?|minutes?|times|percent|people|songs?)\b/i;
const MOST_PARTS = 8;
// Two numbers with what may stand behind each.
const FARTHEST_LETTER = 36;
const MOST_BLOCKS = 2;
const LONGEST_END = 12;
const REACH_OF_ENDING = [100, 12] as const;
const REACH_OF_BLOCK = [168, 288] as const;
const [SPACE, COMMA, DOT, SLASH] = [0x20, 0x2c, 0x2e, 0x2f] as const;

/**
 * Street addresses: a house number with a street word of a European language, a street with its number, flats, boxes and field
 * posts, corners of two streets; from there the flat, the town, the state, the postal code and the country that follow.
 */
export const addressDetector: FoldedDetector = {
  id: 'address',
  view: 'folded',
  detect(text, scan = scanText(text)) {
    if ((scan.shape & SHAPE.digit) === 0 && (scan.words & CORNER) === 0) return [];
    const take = (match: RegExpExecArray): Finding[] => extend(text, match);
    const takeStreet = (match: RegExpExecArray): Finding[] =>
      namesStreet(match.groups?.['street'] ?? '') ? extend(text, match) : [];
    const has = ({ words }: Anchor): boolean => (scan.words & words) !== 0;
    const starts = scan.starts.filter(
      (start, at) => isHouseNumber(scan.blocks[at] as number) && goesOnInLetters(text, start),
    );
    const found = [
      ...NUMBER_ANCHORS.filter(has).flatMap(({ pattern }) => findEachAtNumbers(text, starts, pattern, take)),
      ...WORD_ANCHORS.filter(has).flatMap(({ pattern }) => findEach(text, pattern, take)),
    ];
    if ((scan.shape & SHAPE.capital) === 0) return found;
    const beforeCapitals = starts.filter((start) => isBeforeCapital(text, start));
    const behindStreets = scan.starts.filter((start) => isBehindStreet(text, start));
    return [
      ...(BLOCK_TRIGGER.test(text) ? findBlocks(text, scan, starts) : []),
      ...found,
      ...findEachAtNumbers(text, beforeCapitals, CAPITAL_ANCHOR, take),
      ...ENDING_ANCHORS.flatMap((anchor) => findEachNear(text, behindStreets, anchor, REACH_OF_ENDING, take)),
      ...findEachAtNumbers(text, beforeCapitals, UNNAMED_STREET, takeStreet),
    ];
  },
};

/** Whether a letter comes behind the digits at `start`, or behind another number. */
function goesOnInLetters(text: string, start: number): boolean {
  const last = Math.min(text.length, start + FARTHEST_LETTER);
  let blocks = 0;
  for (let index = start; index < last; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7f || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a)) return true;
    if (!isBetweenNumbers(code) || (isDigit(code) && !isDigit(text.charCodeAt(index - 1)) && ++blocks > MOST_BLOCKS))
      return false;
  }
  return false;
}

/** Whether digits may be the number of a house, by their count and the character behind them. */
function isHouseNumber(block: number): boolean {
  return (block & (LONG_BLOCK | BLOCK.dot | BLOCK.dash | BLOCK.bracket)) === 0;
}

/** Whether the first letter behind a number, and not a part of it, is a capital one. */
function isBeforeCapital(text: string, start: number): boolean {
  for (let index = start + 1; index < text.length && index < start + FARTHEST_LETTER; index++)
    if (isLetter(text, index) && !isDigit(text.charCodeAt(index - 1))) return isUpper(text, index);
  return false;
}

/** Whether the last part of a street's name stands before a number. */
function isBehindStreet(text: string, start: number): boolean {
  if (text.charCodeAt(start - 1) !== SPACE || (text.charCodeAt(start - 2) !== DOT && !isLetter(text, start - 2)))
    return false;
  return STREET_ENDS.test(text.slice(Math.max(0, start - LONGEST_END), start));
}

/** Streets whose next line says what they are. */
function findBlocks(text: string, scan: TextScan, starts: readonly number[]): Finding[] {
  const take = (match: RegExpExecArray): Finding[] => (isStreet(match) ? extend(text, match) : []);
  // "s/n" stands for no number.
  const isNumberless = text.includes('/n') || text.includes('/N');
  const houses = isNumberless ? [] : scan.starts.filter((start) => isHouse(text, start));
  const entries = withFlats(text, starts);
  return [
    ...(isNumberless
      ? findEach(text, STREET_BLOCK, take)
      : findEachNear(text, houses, STREET_BLOCK, REACH_OF_BLOCK, take)),
    ...NUMBER_BLOCKS.flatMap((block) => findEachAtNumbers(text, entries, block, take)),
  ];
}

/** Where numbers begin, or the words for a flat before them. */
function withFlats(text: string, starts: readonly number[]): readonly number[] {
  const entries: number[] = [];
  for (const start of starts) {
    const isBehindWord = text.charCodeAt(start - 1) === SPACE && isLetter(text, start - 2);
    const flat = isBehindWord ? FLAT_BEFORE.exec(text.slice(Math.max(0, start - LONGEST_FLAT), start)) : null;
    if (flat !== null) entries.push(start - flat[0].length);
    entries.push(start);
  }
  return entries;
}

/** Whether a number has a name before it and the end of a line or a comma soon behind it, as a house of a block has. */
function isHouse(text: string, start: number): boolean {
  if (text.charCodeAt(start - 1) !== SPACE || isDigit(text.charCodeAt(start - 2))) return false;
  HOUSE.lastIndex = start;
  return HOUSE.test(text);
}

/** A digit, white space, a comma, a slash, or a mark of quoted mail. */
function isBetweenNumbers(code: number): boolean {
  return (
    isDigit(code) ||
    code <= SPACE ||
    code === COMMA ||
    code === SLASH ||
    code === 0x3e ||
    code === 0x3f ||
    code === 0x7c
  );
}

/** Whether a street of a block is one: months and sections are followed by numbers too. */
function isStreet({ groups }: RegExpExecArray): boolean {
  const street = groups?.['street'];
  return street === undefined || street.split(/[ -]/).some((text) => namesStreet(text));
}

function namesStreet(words: string): boolean {
  return words
    .trim()
    .split(' ')
    .every((text) => text.length > 3 && !isAcronym(text) && !isCommon({ text, key: text.toLowerCase() }));
}

function extend(text: string, match: RegExpExecArray): Finding[] {
  if (MONTH.test(match[0])) return [];
  const pieces = linesOf(match.index, match[0].trimEnd());
  let piece = pieces.pop() ?? finding('ADDRESS', match.index, match.index + match[0].length);
  for (const part of partsBehind(text, piece.end)) {
    // Lines of an indented or quoted block are values of their own: what sets them off stays.
    if (!part.ownLine) {
      piece = { ...piece, end: part.end };
      // A part of the address, and a place of its own wherever else it stands.
      if (part.type === 'LOCATION') pieces.push(finding(part.type, part.start, part.end));
    } else {
      pieces.push(piece);
      piece = finding(part.type, part.start, part.end);
    }
  }
  return [...pieces, piece];
}

/** The lines of what an anchor matched. */
function linesOf(start: number, written: string): Finding[] {
  if (!written.includes('\n')) return [finding('ADDRESS', start, start + written.length)];
  const breaks = [...written.matchAll(/[ \t]{0,8}\n[ \t>?|]{1,16}/g)];
  const starts = [0, ...breaks.map((match) => match.index + match[0].length)];
  const ends = [...breaks.map((match) => match.index), written.length];
  return starts.map((from, index) => finding('ADDRESS', start + from, start + (ends[index] ?? written.length)));
}

interface Part {
  readonly type: 'ADDRESS' | 'LOCATION' | 'POSTAL_CODE';
  readonly start: number;
  readonly end: number;
  readonly ownLine: boolean;
}

/** Takes parts as they come, and keeps them up to the last that only an address has. */
function partsBehind(text: string, from: number): Part[] {
  const parts: Part[] = [];
  let kept = 0;
  for (let at = from; parts.length < MOST_PARTS;) {
    PART.lastIndex = at;
    const match = PART.exec(text);
    if (match === null) break;
    const { unit, code, place } = match.groups ?? {};
    const value = unit ?? code ?? place ?? '';
    const end = at + match[0].length;
    const gap = match[0].slice(0, -value.length);
    const type = unit === undefined ? (code === undefined ? 'LOCATION' : 'POSTAL_CODE') : 'ADDRESS';
    parts.push({ type, start: end - value.length, end, ownLine: /\n[ \t>?|]/.test(gap) });
    const known = place !== undefined && PLACES.has(place.toLowerCase());
    const behindCode = parts.at(-2)?.type === 'POSTAL_CODE' && !/[.\n]/.test(gap);
    if (type !== 'LOCATION' || known || behindCode || /^[.]?[ \t]{0,3},[ \t]/.test(gap)) kept = parts.length;
    at = end;
  }
  return parts.slice(0, kept);
}

function finding(type: Part['type'], start: number, end: number): Finding {
  return { type, start, end, score: type === 'ADDRESS' ? 0.85 : 0.7, verified: false };
}
