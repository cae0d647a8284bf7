import { PLACES } from '../lexicon/places.ts';
import type { Finding } from '../detector.ts';
import { isCommon } from './free-text/known-words.ts';
import { isLetter } from './free-text/letters.ts';

const SHORTEST = 4;
const LONGEST = 40;
const MOST_PLACES = 32;
// Guesses by a little word before them score less.
const SURE = 0.6;
const CAPITAL = /^\p{Lu}/u;

/** Places that were found once, by an address or by what stands around them, wherever else they stand in the same text. */
export function findPlacesAgain(text: string, findings: readonly Finding[]): Finding[] {
  const names = new Set<string>();
  for (const { type, start, end, score } of findings) {
    const isSure = type === 'LOCATION' && score >= SURE;
    if (!isSure || end - start < SHORTEST || end - start > LONGEST) continue;
    addName(names, text.slice(start, end));
    if (names.size >= MOST_PLACES) break;
  }
  return [...names].flatMap((name) => occurrences(text, name));
}

function addName(names: Set<string>, name: string): void {
  const key = name.toLowerCase();
  // Those of the list were judged wherever they stand.
  if (CAPITAL.test(name) && !PLACES.has(key) && (name.includes(' ') || !isCommon({ text: name, key }))) names.add(name);
}

function occurrences(text: string, name: string): Finding[] {
  const found: Finding[] = [];
  for (let start = text.indexOf(name); start >= 0; start = text.indexOf(name, start + name.length)) {
    const end = start + name.length;
    if (!isLetter(text, start - 1) && !isLetter(text, end))
      found.push({ type: 'LOCATION', start, end, score: 0.5, verified: false });
  }
  return found;
}
