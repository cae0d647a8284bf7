import type { HostRule } from './host-rule.ts';

/** What stands at a `<`. */
export type TagReading =
  /** The text ends before the tag does. */
  | { readonly kind: 'open' }
  /** No tag that every reader understands alike: the bracket must not stay. */
  | { readonly kind: 'unclear' }
  | { readonly kind: 'harmless' | 'harmful'; readonly end: number };

const NAME = /<\/?([a-z][a-z0-9-]{0,31})(?=[\s/>])/iy;
const AUTOLINK = /<([a-z][a-z0-9+.-]{1,31}:[^\s<>]*)>/iy;
const MAILBOX = /<[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,255}>/y;
const BEGUN = /<[^\s<>]*$/y;
const SPACE = /[\s/]+/y;
/** A value without quotes ends at a space or the bracket and nowhere else, or a `/` in it would begin another attribute. */
const ATTRIBUTE = /([a-z_:][\w:.-]{0,63})(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+(?=[\s>]))|(?!\s*=))(?=[\s/>])/iy;

/** Elements whose content or mere presence acts. */
const ACTING = new Set(
  'applet base embed form frame frameset iframe link math meta noembed noframes object script style svg template'.split(
    ' ',
  ),
);
/** Words: nothing in it can be read as an address, a script or more markup. */
const WORDS = /^[\p{L}\p{M}\p{N} ,.%+#()'!?-]{0,500}$/u;
const TARGET = /^[^\s<>"'`[\]]*$/;

/** Reads the HTML tag, or the autolink of Markdown, that begins at `start`. */
export function readTag(text: string, start: number, rule: HostRule): TagReading {
  const link = match(AUTOLINK, text, start);
  if (link !== null) {
    return { kind: rule.allowsTarget(link[1] ?? '') ? 'harmless' : 'harmful', end: start + link[0].length };
  }
  const mailbox = match(MAILBOX, text, start);
  if (mailbox !== null) return { kind: 'harmless', end: start + mailbox[0].length };
  if (match(BEGUN, text, start) !== null) return { kind: 'open' };
  const name = match(NAME, text, start);
  if (name === null) return { kind: 'unclear' };
  let isHarmless = !ACTING.has((name[1] ?? '').toLowerCase());
  let at = start + name[0].length;
  for (;;) {
    at += match(SPACE, text, at)?.[0].length ?? 0;
    if (text[at] === '>') return { kind: isHarmless ? 'harmless' : 'harmful', end: at + 1 };
    const attribute = match(ATTRIBUTE, text, at);
    if (attribute === null) return isCut(text, at) ? { kind: 'open' } : { kind: 'unclear' };
    isHarmless &&= isHarmlessAttribute(attribute[1] ?? '', attribute[2], rule);
    at += attribute[0].length;
  }
}

function isHarmlessAttribute(name: string, quoted: string | undefined, rule: HostRule): boolean {
  if (quoted === undefined) return true;
  const value = /^["']/.test(quoted) ? quoted.slice(1, -1) : quoted;
  if (/^(?:href|src)$/i.test(name)) return TARGET.test(value) && rule.allowsTarget(value);
  return !/^(?:on|style$)/i.test(name) && WORDS.test(value);
}

/** Whether more text could still make an attribute of what is there. */
function isCut(text: string, at: number): boolean {
  return /^(?:[a-z_:][\w:.-]{0,63}(?:\s*(?:=\s*(?:"[^"]*|'[^']*|[^\s"'=<>`]*|"[^"]*"|'[^']*')?)?)?)?$/i.test(
    text.slice(at),
  );
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
