import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Embedder } from '@cloister/core';

/** A question with the documents that answer it, by how well. */
export interface Question {
  readonly text: string;
  readonly relevant: Readonly<Record<string, number>>;
}

/** A test collection. */
export interface TestCollection {
  readonly documents: readonly { readonly id: string; readonly text: string }[];
  readonly questions: readonly Question[];
}

/** The folder with the corpora; `undefined` when there is none and whoever needs it skips. */
export const corpora: string | undefined = process.env['CLOISTER_EVAL_DATA'];

/** Cranfield 1400. @throws Error without `CLOISTER_EVAL_DATA` */
export function loadCranfield(): TestCollection {
  if (corpora === undefined) throw new Error('CLOISTER_EVAL_DATA names no folder with corpora');
  const folder = join(corpora, 'retrieval');
  const lines = (name: string): readonly unknown[] =>
    readFileSync(join(folder, name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  const documents = lines('cranfield.docs.jsonl') as { id: number; text: string }[];
  return {
    documents: documents.map(({ id, text }) => ({ id: String(id), text })),
    questions: lines('cranfield.queries.jsonl') as Question[],
  };
}

/** Embeds every text once, because several retrievers are given the same ones. */
export function remember(embedder: Embedder): Embedder {
  const known = new Map<string, Float32Array>();
  return {
    id: embedder.id,
    dimensions: embedder.dimensions,
    async embed(texts, options) {
      const fresh = [...new Set(texts)].filter((text) => !known.has(text));
      const vectors = await embedder.embed(fresh, options);
      for (const [index, text] of fresh.entries()) known.set(text, vectors[index] as Float32Array);
      return texts.map((text) => known.get(text) as Float32Array);
    },
  };
}

/** Documents by their best chunk, best first. */
export function documentsOf(chunks: readonly { readonly document: string }[]): readonly string[] {
  return [...new Set(chunks.map(({ document }) => document))];
}

/** Normalised discounted cumulative gain of the first ten documents, the grade being the gain. */
export function ndcgAt10(found: readonly string[], relevant: Readonly<Record<string, number>>): number {
  const sum = (gains: readonly number[]): number =>
    gains.slice(0, 10).reduce((total, gain, rank) => total + gain / Math.log2(rank + 2), 0);
  const ideal = sum(Object.values(relevant).toSorted((left, right) => right - left));
  return ideal === 0 ? 0 : sum(found.map((document) => relevant[document] ?? 0)) / ideal;
}
