import type { SearchResult } from '@cloister/retriever';
import type { ClearSearch } from './clear-search.ts';
import type { Question } from './cranfield.ts';

/** Means over the questions. */
export interface Recall {
  /** Of the ten chunks nearest in clear, the share that was found. Where scores are equal, any of the equals will do. */
  readonly recall: number;
  /** Of all chunks, the share that was opened and compared. */
  readonly opened: number;
}

const NEAREST = 10;
/** Sums in another order differ by less. */
const ROUNDING = 1e-9;

/** Compares a search for the ten nearest chunks with the exact one in clear. */
export async function measureRecall(
  clear: ClearSearch,
  questions: readonly Question[],
  search: (question: string) => Promise<SearchResult>,
): Promise<Recall> {
  let [found, opened] = [0, 0];
  for (const { text } of questions) {
    const exact = await clear.dense(text);
    const floor = (exact[NEAREST - 1]?.score ?? 0) - ROUNDING;
    const near = new Set(exact.filter(({ score }) => score >= floor).map(nameOf));
    const { chunks, report } = await search(text);
    found += chunks.filter((chunk) => near.has(nameOf(chunk))).length;
    opened += report.scanned / exact.length;
  }
  return { recall: found / NEAREST / questions.length, opened: opened / questions.length };
}

function nameOf({ document, chunk }: { readonly document: string; readonly chunk: number }): string {
  return `${document} ${chunk}`;
}
