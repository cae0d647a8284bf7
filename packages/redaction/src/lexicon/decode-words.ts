const ENTRY = /([A-P])([a-z]+)/g;
const FIRST = 'A'.charCodeAt(0);

/** The words of a front-coded list: a capital letter says how many letters a word shares with the one before it. */
export function decodeWords(lines: readonly string[]): Set<string> {
  const words = new Set<string>();
  let last = '';
  for (const line of lines) {
    for (const [, shared = 'A', rest = ''] of line.matchAll(ENTRY)) {
      last = last.slice(0, shared.charCodeAt(0) - FIRST) + rest;
      words.add(last);
    }
  }
  return words;
}
