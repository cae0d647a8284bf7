import type { StoredPoint, VectorStore } from '@cloister/core';
import { Arena } from '../arena/arena.ts';
import { takePoint } from '../arena/load-arena.ts';
import type { LoadContext } from '../arena/load-arena.ts';
import { retrieverError } from '../errors.ts';
import { refuse } from '../arena/tally.ts';
import { createPrefixCipher } from '../prefix/prefix-cipher.ts';
import type { PrefixBasis } from '../prefix/fit-prefix-basis.ts';

/** Records that are fetched, opened and compared exactly, at least. */
const CANDIDATES = 100;

/**
 * Opens the records whose prefixes the store finds nearest, into an arena of their own: what is ranked afterwards is
 * exact among them.
 * @throws CloisterError `ERR_RETRIEVER_MODE_UNSUPPORTED` when the store finds no prefixes; what it throws
 */
export async function loadNearest(
  query: Float32Array,
  tags: readonly string[],
  limit: number,
  basis: PrefixBasis,
  context: LoadContext,
): Promise<Arena> {
  const { store, keys } = context;
  if (!hasNearest(store)) throw retrieverError('ERR_RETRIEVER_MODE_UNSUPPORTED');
  const wanted = Math.max(CANDIDATES, 4 * limit);
  const arena = new Arena(query.length, 4 * query.length * wanted);
  if (tags.length === 0) return arena;
  const prefix = createPrefixCipher(keys, basis).ofQuestion(query);
  const points = await store.nearest({ partition: keys.partition, tags, prefix, limit: wanted, texts: false });
  const seen = new Set<string>();
  const asked = new Set(tags);
  const isWanted = ({ tags: own }: StoredPoint): boolean => own.some((tag) => asked.has(tag));
  for (const point of points.slice(0, wanted)) takePoint(arena, point, seen, context, isWanted);
  if (points.length > wanted) refuse(context.tally, 'ERR_RETRIEVER_RECORD_UNASKED', points.length - wanted);
  return arena;
}

/** Whether a store can be searched by prefixes. */
export function hasNearest(store: VectorStore): store is VectorStore & Required<Pick<VectorStore, 'nearest'>> {
  return store.nearest !== undefined;
}
