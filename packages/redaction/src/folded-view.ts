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

const ASCII = /^[\0-\x7f]*$/;
// A run of plain characters, or one character with its marks.
const CLUSTER = /[\0-\x7f]+(?!\p{M})|[^]\p{M}*/gu;
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;
const DIGIT = /\p{Nd}/u;
const DASH = /\p{Pd}|\u2212/u;
const SPACE = /[\p{Zs}\u2028\u2029]/u;
const LONGEST_FOLD = 8;

/**
 * Folds `text` for detection: NFKC per character and its marks, without default-ignorable code points (Unicode 16, DerivedCoreProperties),
 * with ASCII digits, dashes and spaces, and with look-alike Cyrillic and Greek letters as Latin ones. Linear time. Only detection reads
 * the view; what is replaced and restored is always the original.
 */
export function createFoldedView(text: string): FoldedView {
  if (ASCII.test(text)) return { text, start: (index) => index, end: (index) => index };
  const starts: number[] = [];
  const ends: number[] = [];
  const pieces: string[] = [];
  for (const match of text.matchAll(CLUSTER)) {
    const plain = isPlain(match[0]);
    const folded = plain ? match[0] : foldCluster(match[0]);
    for (let unit = 0; unit < folded.length; unit++) {
      starts.push(plain ? match.index + unit : match.index);
      ends.push(plain ? match.index + unit + 1 : match.index + match[0].length);
    }
    pieces.push(folded);
  }
  return {
    text: pieces.join(''),
    start: (index) => starts[index] ?? text.length,
    end: (index) => (index === 0 ? 0 : (ends[index - 1] ?? text.length)),
  };
}

/** The folded form of a whole text, without the map. */
export function fold(text: string): string {
  return ASCII.test(text) ? text : text.replace(CLUSTER, foldCluster);
}

function foldCluster(cluster: string): string {
  if (isPlain(cluster)) return cluster;
  const visible = cluster.replace(IGNORABLE, '');
  const composed = visible.normalize('NFKC');
  // A few code points expand to a whole phrase; detection gains nothing from that.
  const plain = composed.length > LONGEST_FOLD ? visible : composed;
  let folded = '';
  for (const character of plain) folded += foldCharacter(character);
  return folded;
}

/** Whether a match of CLUSTER is a run of ASCII: its last unit tells, since marks are not. */
function isPlain(cluster: string): boolean {
  return cluster.charCodeAt(cluster.length - 1) < 0x80;
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
