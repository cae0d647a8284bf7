import type { FoundSpan, LabelledDocument, Span } from './documents.ts';

/** What a redactor finds in a text. */
export type Find = (text: string) => readonly FoundSpan[] | Promise<readonly FoundSpan[]>;

/** Spans of one type: how many of the marked ones were met, how many of the found ones meet one. */
export interface TypeScore {
  gold: number;
  met: number;
  found: number;
  right: number;
}

/** Personal values of one label: how many characters, how many of them hidden; how many values, how many hidden to the last. */
export interface LabelScore {
  characters: number;
  hidden: number;
  values: number;
  whole: number;
}

/** Figures of one redactor on one corpus. */
export interface Score {
  readonly types: Map<string, TypeScore>;
  /** By the labels of the corpus. */
  readonly labels: Map<string, LabelScore>;
  /** Documents with personal data, and those of them that leak nothing. */
  marked: number;
  tight: number;
  /** Personal characters, how many of them are hidden, other characters, how many of those are hidden. */
  personal: number;
  hidden: number;
  other: number;
  wrong: number;
}

/** Runs a redactor over a corpus. A span counts for a type when it overlaps a marked one of that type. */
export async function score(
  documents: readonly LabelledDocument[],
  types: readonly string[],
  find: Find,
): Promise<Score> {
  const result: Score = {
    types: new Map(types.map((type) => [type, { gold: 0, met: 0, found: 0, right: 0 }])),
    labels: new Map(),
    marked: 0,
    tight: 0,
    personal: 0,
    hidden: 0,
    other: 0,
    wrong: 0,
  };
  for (const { text, gold } of documents) {
    const spans = await find(text);
    for (const [type, counts] of result.types) countType(counts, ofType(gold, type), ofType(spans, type));
    countCharacters(result, text, gold, spans);
  }
  return result;
}

/** Harmonic mean of precision and recall, with both. */
export function rates({ gold, met, found, right }: TypeScore): { precision: number; recall: number; f1: number } {
  const precision = found === 0 ? 1 : right / found;
  const recall = gold === 0 ? 1 : met / gold;
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

/** The sum over some types. */
export function sum(scores: Iterable<TypeScore>): TypeScore {
  const total = { gold: 0, met: 0, found: 0, right: 0 };
  for (const { gold, met, found, right } of scores) {
    total.gold += gold;
    total.met += met;
    total.found += found;
    total.right += right;
  }
  return total;
}

function ofType(spans: readonly Span[], type: string): readonly Span[] {
  return spans.filter((span) => span.type === type);
}

function countType(counts: TypeScore, gold: readonly Span[], spans: readonly Span[]): void {
  const meets = (one: Span, others: readonly Span[]): boolean =>
    others.some((other) => other.start < one.end && one.start < other.end);
  counts.gold += gold.length;
  counts.met += gold.filter((span) => meets(span, spans)).length;
  counts.found += spans.length;
  counts.right += spans.filter((span) => meets(span, gold)).length;
}

function countCharacters(result: Score, text: string, gold: readonly Span[], spans: readonly Span[]): void {
  const [marked, hidden] = [cover(text, gold), cover(text, spans)];
  let tight = true;
  for (const { type, start, end } of gold) {
    const label = result.labels.get(type) ?? { characters: 0, hidden: 0, values: 0, whole: 0 };
    const covered = hidden.subarray(start, end).reduce((sum, one) => sum + one, 0);
    label.characters += end - start;
    label.hidden += covered;
    label.values++;
    if (covered === end - start) label.whole++;
    else tight = false;
    result.labels.set(type, label);
  }
  if (gold.length > 0) result.marked++;
  if (gold.length > 0 && tight) result.tight++;
  for (let index = 0; index < text.length; index++) {
    if (marked[index] === 1) {
      result.personal++;
      result.hidden += hidden[index] ?? 0;
    } else {
      result.other++;
      result.wrong += hidden[index] ?? 0;
    }
  }
}

function cover(text: string, spans: readonly Span[]): Uint8Array {
  const covered = new Uint8Array(text.length);
  for (const { start, end } of spans) covered.fill(1, start, end);
  return covered;
}
