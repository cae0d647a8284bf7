/** A sentence of the prompt and the number of the source it stands in; no number outside sources. */
export interface Sentence {
  readonly text: string;
  readonly source?: number;
}

const OPENING = /^<source n="(\d{1,6})" key="([^"\s]{1,64})">$/;
const ABBREVIATION = /(?:^|\s)(?:Dr|Mr|Mrs|Ms|Prof|St|No|vs|e\.g|i\.e)\.$/;

/** The text inside each `<source>` block of a prompt, by number. The first block's key decides which blocks count. */
export function findSources(prompt: string): { readonly number: number; readonly text: string }[] {
  const sources: { number: number; text: string }[] = [];
  let key: string | undefined;
  let open: { number: number; lines: string[] } | undefined;
  for (const line of prompt.split('\n')) {
    const opening = open === undefined ? OPENING.exec(line) : null;
    if (opening !== null && (key === undefined || key === opening[2])) {
      key = opening[2];
      open = { number: Number(opening[1]), lines: [] };
    } else if (open !== undefined && line === '</source>') {
      sources.push({ number: open.number, text: open.lines.join('\n') });
      open = undefined;
    } else open?.lines.push(line);
  }
  return sources;
}

/** The sentences of a text: split at line ends and after `.`, `!` or `?`, but not after a common abbreviation. */
export function splitSentences(text: string): string[] {
  const sentences: string[] = [];
  for (const line of text.split('\n')) {
    let pending: string[] = [];
    for (const part of line.trim().split(/(?<=[.!?])\s+/)) {
      pending.push(part);
      if (ABBREVIATION.test(part)) continue;
      sentences.push(pending.join(' '));
      pending = [];
    }
    if (pending.length > 0) sentences.push(pending.join(' '));
  }
  return sentences.filter((sentence) => sentence !== '');
}

/** What is asked: the last `Question:` line, else the last sentence that ends in a question mark, else the last sentence. */
export function findQuestion(prompt: string): string {
  const line = prompt.split('\n').findLast((candidate) => candidate.startsWith('Question:'));
  if (line !== undefined) return line.slice('Question:'.length).trim();
  const sentences = splitSentences(prompt);
  return sentences.findLast((sentence) => sentence.endsWith('?')) ?? sentences.at(-1) ?? '';
}
