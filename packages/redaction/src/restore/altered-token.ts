import { LONGEST_TOKEN, WORDS } from '../vault/token.ts';
import { TOKEN_WORDS } from '../types.ts';

// The ways in which a model or a mail program writes a token differently without meaning another one. A fixed list of
// rules: case, one space, a Markdown escape, full-width and entity forms, lost brackets. Never a likeness.
const OPEN = String.raw`(?:\\?[\[\uff3b]|&(?:#0{0,2}91|#x0{0,2}5b|lsqb|lbrack);)`;
const CLOSE = String.raw`(?:\\?[\]\uff3d]|&(?:#0{0,2}93|#x0{0,2}5d|rsqb|rbrack);)`;
const BAR = String.raw`(?:\\?[_\uff3f]|&(?:#0{0,2}95|#x0{0,2}5f|lowbar);)`;
const OPENINGS = new RegExp(OPEN, 'gi');
const SPACE = String.raw`[ \u00a0]?`;
const BEGUN = String.raw`(?:\\|&[#a-z0-9]{0,6})`;
const ID = '[0-9a-hjkmnp-tv-z]';
const NO_WORD_BEFORE = '(?<![0-9a-z_])';
const NO_WORD_BEHIND = '(?![0-9a-z_])';

const NAMES = [...new Set(Object.values(TOKEN_WORDS))];
const WORD_BEGUN = [...new Set(NAMES.flatMap((word) => Array.from(word, (_, at) => word.slice(0, at + 1))))]
  .toSorted((left, right) => right.length - left.length)
  .join('|');

/** A token up to its id, however it is spelled; groups: the opening, the word, the id. */
const ALTERED = new RegExp(
  `((?:${OPEN}${SPACE}){0,2})${NO_WORD_BEFORE}(${WORDS})${SPACE}${BAR}${SPACE}(${ID}{7})${NO_WORD_BEHIND}`,
  'gi',
);

/** The end of a text that may still grow into {@link ALTERED}. */
const ALTERED_START = new RegExp(
  `(?!$)(?:${OPEN}${SPACE}){0,2}(?:${BEGUN}|${NO_WORD_BEFORE}(?:${WORD_BEGUN}|${WORDS}${SPACE}(?:${BEGUN}|${BAR}${SPACE}${ID}{0,7})?))?$`,
  'gi',
);

const CLOSING = new RegExp(`(?:${SPACE}${CLOSE}){0,2}`, 'iy');
const BOTH_CLOSED = new RegExp(`(?:${SPACE}${CLOSE}){2}`, 'iy');
const CLOSING_START = new RegExp(`^(?:${SPACE}${CLOSE}){0,1}${SPACE}(?:${BEGUN})?$`, 'i');

/** Something spelled like a token. */
export interface AlteredToken {
  /** Where it starts and where its id ends. */
  readonly start: number;
  readonly end: number;
  /** Brackets before it, 0 to 2. */
  readonly opened: number;
  /** In capitals. */
  readonly word: string;
  /** In lower case. */
  readonly id: string;
}

/**
 * The first token at or behind `from`. Counts at most {@link LONGEST_TOKEN} code units up to the end of the id, so that
 * a stream never waits longer: brackets that would make it longer stay text.
 */
export function findToken(text: string, from: number): AlteredToken | undefined {
  ALTERED.lastIndex = from;
  for (let match = ALTERED.exec(text); match !== null; match = ALTERED.exec(text)) {
    const [whole, opening = '', word = '', id = ''] = match;
    if (whole.length <= LONGEST_TOKEN) {
      const opened = opening.match(OPENINGS)?.length ?? 0;
      const start = match.index;
      return { start, end: start + whole.length, opened, word: word.toUpperCase(), id: id.toLowerCase() };
    }
    ALTERED.lastIndex = match.index + 1;
  }
  return undefined;
}

/** Where the end of the text begins that may still grow into a token; the length when there is none. */
export function findTokenStart(text: string, from: number): number {
  ALTERED_START.lastIndex = Math.max(from, text.length - LONGEST_TOKEN);
  return ALTERED_START.exec(text)?.index ?? text.length;
}

/**
 * Where the closing brackets behind an id end: as many as were opened, both when both openings were lost. `undefined`
 * while that depends on text that has not come.
 */
export function endOfClosing(text: string, from: number, opened: number, isComplete: boolean): number | undefined {
  if (!isComplete && CLOSING_START.test(text.slice(from))) return undefined;
  const closing = opened === 0 ? BOTH_CLOSED : CLOSING;
  closing.lastIndex = from;
  return from + (closing.exec(text)?.[0].length ?? 0);
}
