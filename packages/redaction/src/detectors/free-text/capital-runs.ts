import { BEFORE, cuesBefore } from './cues.ts';
import { isAcronym, knowWord } from './known-words.ts';
import { isLetter, isUpper, KIND, kindAt } from './letters.ts';

/** What a word with a capital letter is, wherever it stands. */
export interface Spelling {
  readonly written: string;
  /** Without a possessive ending. */
  readonly text: string;
  readonly key: string;
  /** Whether the word says nothing about a person. */
  readonly ordinary: boolean;
  /** Whether it is in capitals altogether. */
  readonly acronym: boolean;
  /** Whether it is a given name. */
  readonly given: boolean;
  /** Whether the name of a place begins with it. */
  readonly beginsPlace: boolean;
}

/** A word with a capital letter. */
export interface CapitalWord {
  readonly spelling: Spelling;
  readonly start: number;
  readonly end: number;
}

/** Capital words that stand together, with nothing but spaces, initials and particles between them. */
export interface CapitalRun {
  readonly words: readonly CapitalWord[];
  /** Whether a sentence or a line begins with the run. */
  readonly opening: boolean;
}

const GAP =
  /^(?:\.? (?:(?:de la|de los|del|de|da|dos|do|van der|van den|van|von der|von|zu|der|den|la|le|el|bin|al|y|am|im|an der|ob der|pr\u00e8s|sur) )?|\. ?|(?: )?& | (?:al|el|ul|ad|ar|as|an|abd al)-)$/;
const LONGEST_GAP = 9;
const MOST_WORDS = 8;
const LONGEST_WORD = 41;
const SLOTS = 512;
const POSSESSIVE = /(?:'s|['-])$/;
const TITLE_WITH_DOT = /(?:^|\W)(?:[MD]r|Mrs|Ms|Dra|Prof|Sra?|St)\.$/;
const [SPACE, DOT, AND, COLON] = [0x20, 0x2e, 0x26, 0x3a] as const;
// Parts of identifiers, paths, calls and assignments are no words of a sentence: "Uint8Array", "foo.Bar", "Charge(", "Type=".
const BARS_BEFORE = codesOf('_@/#$`\\<');
const BARS_BEHIND = codesOf("_@/'(<[={`-");
const OPENERS = codesOf('.!?:;>"\n\t\u201c');
const BULLETS = codesOf('-*>?');
const BEFORE_FIRST = codesOf(' "\'(\u201c');

function codesOf(marks: string): ReadonlySet<number> {
  return new Set(Array.from(marks, (mark) => mark.charCodeAt(0)));
}

/** Takes the runs of a text in order. A dot ends a run unless it belongs to an initial; a word with a colon behind it is a label. */
export function eachCapitalRun(text: string, take: (run: CapitalRun) => void): void {
  const spellings: Spellings = [];
  let words: CapitalWord[] = [];
  let last: CapitalWord | undefined;
  let opening = false;
  for (let index = 0; index < text.length;) {
    if (!isUpper(text, index)) {
      index++;
      continue;
    }
    const end = wordEnd(text, index);
    if (isWord(text, index, end)) {
      const word = readWord(text, index, end, spellings);
      if (last !== undefined && words.length < MOST_WORDS && joins(text, last, word)) words.push(word);
      else {
        if (last !== undefined) take({ words, opening });
        words = [word];
        opening = opens(text, index);
      }
      last = word;
      index = end;
    } else index = nextStart(text, index, end);
  }
  if (last !== undefined) take({ words, opening });
}

/** Where letters, marks, apostrophes and dashes end. */
export function wordEnd(text: string, start: number): number {
  let end = start + 1;
  for (;;) {
    const code = text.charCodeAt(end);
    if ((kindAt(text, end) & (KIND.letter | KIND.mark)) === 0 && code !== 0x27 && code !== 0x2d) return end;
    end++;
  }
}

/** A word that is too long, or a part of something else, may still end with one behind an apostrophe or a dash. */
function nextStart(text: string, start: number, end: number): number {
  for (let index = start + 1; index < end; index++) {
    const code = text.charCodeAt(index);
    if ((code === 0x27 || code === 0x2d) && end - start > LONGEST_WORD) return index + 1;
  }
  return end;
}

/** Whether a word of a sentence stands here, and not the pronoun I. */
function isWord(text: string, start: number, end: number): boolean {
  if (end - start > LONGEST_WORD || !stopsHere(text, end)) return false;
  const before = text.charCodeAt(start - 1);
  if ((kindAt(text, start - 1) & (KIND.letter | KIND.mark | KIND.number)) !== 0 || BARS_BEFORE.has(before))
    return false;
  if (
    before === DOT &&
    (kindAt(text, start - 2) & KIND.lower) !== 0 &&
    !TITLE_WITH_DOT.test(text.slice(Math.max(0, start - 6), start))
  )
    return false;
  return text.charCodeAt(start) !== 0x49 || isLetter(text, start + 1);
}

function stopsHere(text: string, end: number): boolean {
  const code = text.charCodeAt(end);
  if (code === DOT) return (kindAt(text, end + 1) & KIND.lower) === 0;
  return (kindAt(text, end) & KIND.number) === 0 && !BARS_BEHIND.has(code);
}

/** Words that were read before, by a hash of their letters: where no two words are alike, a growing table costs more than it saves. */
type Spellings = (Spelling | undefined)[];

function readWord(text: string, start: number, end: number, spellings: Spellings): CapitalWord {
  let hash = 0;
  for (let index = start; index < end; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
  const known = spellings[slot];
  const spelling =
    known !== undefined && known.written.length === end - start && text.startsWith(known.written, start)
      ? known
      : (spellings[slot] = readSpelling(text.slice(start, end)));
  return { spelling, start, end: start + spelling.text.length };
}

function readSpelling(written: string): Spelling {
  const text = endsInMark(written) ? written.replace(POSSESSIVE, '') : written;
  const key = text.toLowerCase();
  const { ordinary, given, beginsPlace } = knowWord({ text, key });
  return { written, text, key, ordinary, acronym: isAcronym(text), given, beginsPlace };
}

/** Whether a mark is one of the last two characters. */
function endsInMark(written: string): boolean {
  return written.charCodeAt(written.length - 1) < 0x41 || written.charCodeAt(written.length - 2) < 0x41;
}

function joins(text: string, last: CapitalWord, word: CapitalWord): boolean {
  if (text.charCodeAt(word.end) === COLON) return false;
  const length = word.start - last.end;
  const first = text.charCodeAt(last.end);
  if (length === 1 && first === SPACE) return true;
  if (length > LONGEST_GAP || (first !== SPACE && first !== DOT && first !== AND)) return false;
  return GAP.test(text.slice(last.end, word.start)) && (first !== DOT || last.spelling.text.length === 1);
}

/** Whether a sentence or a line begins here: a title with its dot is no end of a sentence. */
function opens(text: string, start: number): boolean {
  for (let at = start; at >= start - 3; at--) {
    if (at === 0) return true;
    const code = text.charCodeAt(at - 1);
    if (OPENERS.has(code) || (BULLETS.has(code) && isBullet(text, at)))
      return (cuesBefore(text, start) & BEFORE.title) === 0;
    if (!BEFORE_FIRST.has(code)) return false;
  }
  return false;
}

const LONGEST_BULLET = 3;
const DEEPEST_BULLET = 8;

/** Whether a line begins with marks that end here. */
function isBullet(text: string, end: number): boolean {
  let at = end;
  while (end - at < LONGEST_BULLET && BULLETS.has(text.charCodeAt(at - 1))) at--;
  const marks = at;
  while (marks - at < DEEPEST_BULLET && (text.charCodeAt(at - 1) === SPACE || text.charCodeAt(at - 1) === 0x09)) at--;
  return text.charCodeAt(at - 1) === 0x0a;
}
