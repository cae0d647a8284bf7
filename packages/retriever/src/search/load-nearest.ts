import type { StoredPoint, VectorStore } from '@cloister/core';
import type { Arena } from '../arena/arena.ts';
import { takePoint } from '../arena/load-arena.ts';
import type { LoadContext } from '../arena/load-arena.ts';
import { retrieverError } from '../errors.ts';
import { refuse } from '../arena/tally.ts';
import type { TermSplitter } from '../lexical/split-terms.ts';
import { createWordKeyer } from '../prefix/key-words.ts';
import { createPrefixCipher } from '../prefix/prefix-cipher.ts';
import type { PrefixBasis } from '../prefix/fit-prefix-basis.ts';

/** Records that are fetched, opened and compared exactly, at least. */
const CANDIDATES = 100;

/** What candidates are looked for by. */
export interface Wanted {
  readonly query: Float32Array;
  readonly question: string;
  readonly limit: number;
  readonly basis: PrefixBasis;
  /** Where the store keeps keyed words: what splits texts. */
  readonly keyedWords: TermSplitter | undefined;
}

/**
 * Opens the records whose prefixes the store finds nearest, and where it keeps keyed words also those that share most of
 * them. What was opened for earlier questions stays in the arena while there is room, and is not opened again.
 * @returns places of what the store answered with, rising: it is ranked exactly, by the opened texts as well
 * @throws CloisterError `ERR_RETRIEVER_MODE_UNSUPPORTED` when the store finds no prefixes, `ERR_RETRIEVER_TOO_LARGE`; what the store throws
 */
export async function loadNearest(
  arena: Arena,
  { query, question, limit, basis, keyedWords }: Wanted,
  tags: readonly string[],
  context: LoadContext,
): Promise<readonly number[]> {
  const { store, keys, tally } = context;
  if (!hasNearest(store)) throw retrieverError('ERR_RETRIEVER_MODE_UNSUPPORTED');
  const wanted = Math.max(CANDIDATES, 4 * limit);
  const request = { partition: keys.partition, tags, limit: wanted, texts: keyedWords !== undefined };
  const prefix = createPrefixCipher(keys, basis).ofQuestion(query);
  const words = keyedWords && createWordKeyer(keys, keyedWords).ofQuestion(question);
  const answers = await Promise.all([
    store.nearest({ ...request, prefix }),
    words === undefined || words.indices.length === 0 ? [] : (store.sharing?.({ ...request, words }) ?? []),
  ]);
  const seen = new Set<string>();
  const asked = new Set(tags);
  const isWanted = ({ tags: own }: StoredPoint): boolean => own.some((tag) => asked.has(tag));
  arena.forgetOldest(answers.reduce((sum, points) => sum + Math.min(wanted, points.length), 0));
  for (const [place, points] of answers.entries()) {
    const before = place === 0 ? undefined : new Set(seen);
    const fresh = points.slice(0, wanted).filter((point) => before?.has(point.id) !== true);
    for (const point of fresh) takePoint(arena, point, seen, context, isWanted);
    if (points.length > wanted) refuse(tally, 'ERR_RETRIEVER_RECORD_UNASKED', points.length - wanted);
  }
  const places = [...seen].map((id) => arena.placeOf(id)).filter((place) => place >= 0);
  return places.toSorted((left, right) => left - right);
}

/** Whether a store can be searched by prefixes. */
export function hasNearest(store: VectorStore): store is VectorStore & Required<Pick<VectorStore, 'nearest'>> {
  return store.nearest !== undefined;
}
