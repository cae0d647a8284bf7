const BEFORE = 40;
const AFTER = 24;

/**
 * Whether a keyword stands just before or behind a span: 40 code units before, 24 behind, so the cost of a look is fixed.
 * @param keywords an expression without the global flag
 */
export function hasKeyword(text: string, start: number, end: number, keywords: RegExp): boolean {
  return keywords.test(text.slice(Math.max(0, start - BEFORE), start)) || keywords.test(text.slice(end, end + AFTER));
}

/** The digits of a text, in order. */
export function digitsOf(text: string): string {
  let digits = '';
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x30 && code <= 0x39) digits += text[index];
  }
  return digits;
}
