import { createAddressTracker, decodeEscape, ESCAPE } from './decode-escape.ts';
import { CONFUSABLES, DIGIT_ZEROS } from './folding-tables.ts';

/** A text made plain for detection, with the way back to the original. */
export interface FoldedView {
  /** Same letters and digits, one spelling. */
  readonly text: string;
  /** Original offset at which the folded code unit `index` begins. */
  start(index: number): number;
  /** Original offset just behind the folded code unit `index - 1`. */
  end(index: number): number;
}

/** A stretch that folding changed: offsets in the original and in the folded text. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly foldedStart: number;
  readonly foldedEnd: number;
}

// A character with its marks, or an escape, where folding may change something.
const CLUSTER = new RegExp(`[^\\0-\\x7f]\\p{M}*|[\\0-\\x7f]\\p{M}+|${ESCAPE}`, 'uy');
const MARK = /\p{M}/u;
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;
const DIGIT = /\p{Nd}/u;
const DASH = /\p{Pd}|\u2212/u;
const SPACE = /[\p{Zs}\u2028\u2029]/u;
const LONGEST_FOLD = 8;

/**
 * Folds `text` for detection: NFKC per character and its marks, without default-ignorable code points (Unicode 16, DerivedCoreProperties),
 * with ASCII digits, dashes and spaces, and with look-alike Cyrillic and Greek letters as Latin ones, and with percent
 * encoding and character references decoded. Linear time. Only detection reads
 * the view; what is replaced and restored is always the original.
 */
export function createFoldedView(text: string): FoldedView {
  const changes: Change[] = [];
  const folded = foldText(text, changes);
  return createView(text, folded, changes);
}

/** The view of a text in which some stretches, in order, were replaced. */
export function createView(text: string, folded: string, changes: readonly Change[]): FoldedView {
  if (changes.length === 0) return { text, start: (index) => index, end: (index) => index };
  return {
    text: folded,
    start: (index) => toOriginal(changes, index, 'start'),
    end: (index) => (index === 0 ? 0 : toOriginal(changes, index - 1, 'end')),
  };
}

/** The folded form of a whole text, without the map. */
export function fold(text: string): string {
  return foldText(text, []);
}

function foldText(text: string, changes: Change[]): string {
  let index = nextSpecial(text, 0);
  if (index < 0) return text;
  const isInAddress = createAddressTracker(text);
  let [folded, from] = ['', 0];
  for (; index >= 0; index = nextSpecial(text, index)) {
    // A mark belongs to the plain letter before it.
    const start = index > from && isMarkOf(text, index) ? index - 1 : index;
    const cluster = clusterAt(text, start);
    index = Math.max(index + 1, start + cluster.length);
    const escaped = cluster.length > 1 && /^[%&][\0-\x7f]/.test(cluster);
    const plain = foldCluster(escaped ? decodeEscape(cluster, isInAddress(start)) : cluster);
    if (plain === cluster) continue;
    folded += text.slice(from, start) + plain;
    changes.push({ start, end: index, foldedStart: folded.length - plain.length, foldedEnd: folded.length });
    from = index;
  }
  return folded + text.slice(from);
}

const SPECIAL = /[%&\x80-\uffff]/g;

/** The next character outside ASCII, or one of the two that begin an escape; -1 when there is none. */
function nextSpecial(text: string, from: number): number {
  SPECIAL.lastIndex = from;
  return SPECIAL.test(text) ? SPECIAL.lastIndex - 1 : -1;
}

const FIRST_MARK = 0x300;
// Of each code unit, once asked: whether it may belong to the character before it, as a mark or the second half of a pair.
const [NO, YES] = [1, 2] as const;
const joining = new Uint8Array(0x10000);

function mayJoin(code: number): boolean {
  if (!(code >= FIRST_MARK)) return false;
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  joining[code] ||= isSurrogate || MARK.test(String.fromCharCode(code)) ? YES : NO;
  return joining[code] === YES;
}

function isMarkOf(text: string, index: number): boolean {
  if (!mayJoin(text.charCodeAt(index)) || text.charCodeAt(index - 1) > 0x7f) return false;
  return MARK.test(String.fromCodePoint(text.codePointAt(index) ?? 0));
}

/** The character at `start` with its marks, or the escape that begins there. */
function clusterAt(text: string, start: number): string {
  if (text.charCodeAt(start) > 0x7f && !mayJoin(text.charCodeAt(start + 1))) return text[start] ?? '';
  CLUSTER.lastIndex = start;
  return CLUSTER.exec(text)?.[0] ?? text[start] ?? '';
}

/** The original border of one folded code unit: its own, or that of the stretch that it came from. */
function toOriginal(changes: readonly Change[], unit: number, border: 'start' | 'end'): number {
  let [low, high] = [0, changes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((changes[middle] as Change).foldedStart <= unit) low = middle + 1;
    else high = middle;
  }
  const change = changes[low - 1];
  const own = unit + (border === 'start' ? 0 : 1);
  if (change === undefined) return own;
  return unit < change.foldedEnd ? change[border] : own + change.end - change.foldedEnd;
}

const cached = new Map<number, string>();

/** Single characters are folded once. */
function foldCluster(cluster: string): string {
  if (cluster.length !== 1) return foldAnew(cluster);
  const code = cluster.charCodeAt(0);
  let folded = cached.get(code);
  if (folded === undefined) cached.set(code, (folded = foldAnew(cluster)));
  return folded;
}

function foldAnew(cluster: string): string {
  const visible = cluster.replace(IGNORABLE, '');
  const composed = visible.normalize('NFKC');
  // A few code points expand to a whole phrase; detection gains nothing from that.
  const plain = composed.length > LONGEST_FOLD ? visible : composed;
  let folded = '';
  for (const character of plain) folded += foldCharacter(character);
  return folded;
}

function foldCharacter(character: string): string {
  if (character < '\x80') return character;
  const confusable = CONFUSABLES.get(character);
  if (confusable !== undefined) return confusable;
  if (DIGIT.test(character)) return foldDigit(character);
  if (DASH.test(character)) return '-';
  return SPACE.test(character) ? ' ' : character;
}

function foldDigit(character: string): string {
  const codePoint = character.codePointAt(0) ?? 0;
  const zero = DIGIT_ZEROS.find((start) => codePoint >= start && codePoint < start + 10);
  return zero === undefined ? character : String(codePoint - zero);
}
