/** A word of a text with its place, in UTF-16 code units, and its tokens. */
export interface TokenizedWord {
  readonly start: number;
  readonly end: number;
  readonly tokens: readonly number[];
}

/** A stretch of words that fits a model's input, and the words whose labels it decides. */
export interface WordWindow {
  readonly from: number;
  readonly to: number;
  readonly ownFrom: number;
  readonly ownTo: number;
}

const OVERLAP = 0.25;

/**
 * Windows over words, each with at most `room` tokens. Neighbours share a quarter of their tokens, and each word belongs to the
 * window in which it stands farther from the edge, so that every word is read with what stands around it.
 */
export function windowWords(words: readonly TokenizedWord[], room: number): WordWindow[] {
  const windows: WordWindow[] = [];
  for (let from = 0; from < words.length;) {
    let [to, tokens] = [from, 0];
    while (to < words.length && (to === from || tokens + tokensOf(words, to) <= room)) tokens += tokensOf(words, to++);
    const last = windows.at(-1);
    // The middle of what two windows share.
    const ownFrom = last === undefined ? 0 : Math.ceil((from + last.to) / 2);
    if (last !== undefined) windows[windows.length - 1] = { ...last, ownTo: ownFrom };
    windows.push({ from, to, ownFrom, ownTo: words.length });
    if (to === words.length) break;
    let back = to;
    for (let shared = 0; back > from + 1 && shared < room * OVERLAP; back--) shared += tokensOf(words, back - 1);
    from = back;
  }
  return windows;
}

function tokensOf(words: readonly TokenizedWord[], index: number): number {
  return words[index]?.tokens.length ?? 0;
}
