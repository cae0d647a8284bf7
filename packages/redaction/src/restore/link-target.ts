/** Follows a text and knows whether its next character would stand in the target of a link. */
export interface LinkTargetTracker {
  /** Whether the position behind everything seen so far lies in a link target. */
  readonly inside: boolean;
  /** Moves on over `text`. */
  advance(text: string): void;
}

type Mode = 'text' | 'word' | 'before' | 'parentheses' | 'angle' | 'double' | 'single';

const ATTRIBUTE = /(?:href|src|srcset|action|poster|background|data|cite)\s{0,4}$/i;
const LOOK_BACK = 24;

/**
 * A tracker that starts in plain text. It knows Markdown links, images and reference definitions, bare URLs, `mailto:`, CSS `url()`
 * and the HTML attributes that make a browser fetch something. When in doubt it says "inside": a name that stays masked
 * is a nuisance, a name in a request to a stranger's host is a leak.
 */
export function createLinkTargetTracker(): LinkTargetTracker {
  let mode: Mode = 'text';
  let recent = '';
  return {
    get inside() {
      return mode !== 'text';
    },
    advance(text) {
      const seen = recent + text;
      for (let index = recent.length; index < seen.length; index++) mode = next(mode, seen, index);
      recent = seen.slice(-LOOK_BACK);
    },
  };
}

function next(mode: Mode, seen: string, index: number): Mode {
  const character = seen[index] ?? '';
  if (mode === 'before') return isSpace(character) ? 'before' : begin(character);
  if (mode === 'parentheses')
    return character === '<' ? 'angle' : character === ')' || character === '\n' ? 'word' : mode;
  if (mode === 'angle') return character === '>' || character === '\n' ? 'word' : mode;
  if (mode === 'double') return character === '"' ? 'text' : mode;
  if (mode === 'single') return character === "'" ? 'text' : mode;
  const opened = open(character, seen, index);
  if (opened !== undefined) return opened;
  return isSpace(character) ? 'text' : mode;
}

/** The first character of a target decides how it ends. */
function begin(character: string): Mode {
  if (character === '<') return 'angle';
  if (character === '"') return 'double';
  return character === "'" ? 'single' : 'word';
}

function open(character: string, seen: string, index: number): Mode | undefined {
  const ends = (suffix: string): boolean => seen.slice(index + 1 - suffix.length, index + 1).toLowerCase() === suffix;
  switch (character) {
    case '(':
      return ends('](') || ends('url(') ? 'parentheses' : undefined;
    case ':':
      return ends(']:') ? 'before' : ends('mailto:') ? 'word' : undefined;
    case '/':
      return ends('://') ? 'word' : undefined;
    case '.':
      return ends('www.') ? 'word' : undefined;
    case '=':
      return ATTRIBUTE.test(seen.slice(Math.max(0, index - LOOK_BACK), index)) ? 'before' : undefined;
    default:
      return undefined;
  }
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\n' || character === '\t' || character === '\r';
}
