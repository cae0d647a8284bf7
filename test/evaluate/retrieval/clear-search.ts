import type { Embedder, Tokenizer } from '@cloister/core';
import { chunkText } from '@cloister/retriever';
import type { TestCollection } from './cranfield.ts';

interface ClearChunk {
  readonly document: string;
  /** Position in its document. */
  readonly chunk: number;
  /** How often each word is in it, and how many words there are. */
  readonly counts: ReadonlyMap<string, number>;
  readonly words: number;
  readonly vector: Float32Array;
}

/** A chunk of a ranking. */
export interface FoundChunk extends Pick<ClearChunk, 'document' | 'chunk'> {
  readonly score: number;
}

/** A search over texts in clear, written down as it is defined: what the sealed one must agree with. */
export interface ClearSearch {
  /** Of all chunks. */
  readonly vectors: readonly Float32Array[];
  /** All chunks, by their cosines. */
  dense(question: string): Promise<readonly FoundChunk[]>;
  hybrid(question: string): Promise<readonly FoundChunk[]>;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

function split(text: string): readonly string[] {
  const words = Array.from(segmenter.segment(text.normalize('NFKC').toLowerCase()));
  return words.filter(({ isWordLike }) => isWordLike).map(({ segment }) => segment);
}

/** Cuts and embeds a collection, and searches it in this process's memory. */
export async function createClearSearch(
  { documents }: TestCollection,
  embedder: Embedder,
  tokenizer: Tokenizer,
): Promise<ClearSearch> {
  const cut = documents.flatMap(({ id, text }) =>
    chunkText(text, tokenizer).map((part, chunk) => ({ document: id, chunk, part })),
  );
  const vectors = await embedder.embed(cut.map(({ part }) => part));
  const chunks = cut.map(({ document, chunk, part }, index): ClearChunk => {
    const words = split(part);
    const counts = new Map<string, number>();
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
    return { document, chunk, counts, words: words.length, vector: vectors[index] as Float32Array };
  });
  const rarities = countHolders(chunks);
  const mean = chunks.reduce((sum, { words }) => sum + words, 0) / chunks.length;

  const cosines = async (question: string): Promise<readonly number[]> => {
    const [query] = await embedder.embed([question]);
    return chunks.map(({ vector }) => vector.reduce((sum, value, index) => sum + value * (query?.[index] ?? 0), 0));
  };
  const bm25 = (question: string): readonly number[] => {
    const wanted = [...new Set(split(question))];
    return chunks.map(({ counts, words }) => {
      const weigh = (term: string): number => {
        const count = counts.get(term) ?? 0;
        return ((rarities.get(term) ?? 0) * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * words) / mean));
      };
      return wanted.reduce((sum, term) => sum + weigh(term), 0);
    });
  };
  return {
    vectors,
    async dense(question) {
      const near = await cosines(question);
      return pick(chunks, order(near), near);
    },
    async hybrid(question) {
      const near = await cosines(question);
      const words = bm25(question);
      const scores = new Map<number, number>();
      const byWords = order(words, near).filter((index) => (words[index] as number) > 0);
      for (const ranking of [order(near), byWords]) {
        for (const [rank, index] of ranking.slice(0, 100).entries()) {
          scores.set(index, (scores.get(index) ?? 0) + 1 / (61 + rank));
        }
      }
      const fused = chunks.map((_, index) => scores.get(index) ?? 0);
      return pick(chunks, order(fused, near).slice(0, scores.size), fused);
    },
  };
}

function countHolders(chunks: readonly ClearChunk[]): ReadonlyMap<string, number> {
  const holders = new Map<string, number>();
  for (const { counts } of chunks) for (const term of counts.keys()) holders.set(term, (holders.get(term) ?? 0) + 1);
  const rarity = (count: number): number => Math.log(1 + (chunks.length - count + 0.5) / (count + 0.5));
  return new Map([...holders].map(([term, count]) => [term, rarity(count)]));
}

/** Positions by score, best first; between equals `second` decides. */
function order(scores: readonly number[], second: readonly number[] = scores): readonly number[] {
  const at = (list: readonly number[], index: number): number => list[index] as number;
  return [...scores.keys()].toSorted(
    (left, right) => at(scores, right) - at(scores, left) || at(second, right) - at(second, left),
  );
}

function pick(
  chunks: readonly ClearChunk[],
  places: readonly number[],
  scores: readonly number[],
): readonly FoundChunk[] {
  return places.map((place) => {
    const { document, chunk } = chunks[place] as ClearChunk;
    return { document, chunk, score: scores[place] as number };
  });
}
