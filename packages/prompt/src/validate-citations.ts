import type { AssembledPrompt } from './assemble-prompt.ts';
import type { NumberedSource } from './prompt-parts.ts';

/** What an answer cites. */
export interface CitationReport {
  /** Sources of the prompt that the answer cites, in order of first mention, each once. */
  readonly citations: readonly NumberedSource[];
  /** Numbers the answer cites that no source of the prompt has, each once. */
  readonly unknown: readonly number[];
}

const CITATION = /\[(\d{1,4}(?:\s{0,2},\s{0,2}\d{1,4}){0,15})\]/g;

/** Reads the citations of an answer, as in `[1]` or `[1, 3]`, and checks them against the sources that were in the prompt. */
export function validateCitations(answer: string, prompt: Pick<AssembledPrompt, 'sources'>): CitationReport {
  const numbers = new Set<number>();
  for (const match of answer.matchAll(CITATION))
    for (const number of (match[1] ?? '').split(',')) numbers.add(Number(number));
  const byNumber = new Map(prompt.sources.map((source) => [source.number, source] as const));
  return {
    citations: [...numbers].flatMap((number) => byNumber.get(number) ?? []),
    unknown: [...numbers].filter((number) => !byNumber.has(number)),
  };
}
