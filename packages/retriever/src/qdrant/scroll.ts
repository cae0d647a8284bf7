import type { StoredPoint } from '@cloister/core';
import { retrieverError } from '../errors.ts';
import type { QdrantConnection } from './connect.ts';
import { PAGE } from './ensure-collection.ts';
import type { createFilter } from './filters.ts';
import { fromUuid, fromWire, toUuid } from './point-wire.ts';
import type { ResolvedQdrantOptions } from './qdrant-options.ts';

/** A connection whose collection is there. */
export interface Session {
  readonly connection: QdrantConnection;
  readonly options: ResolvedQdrantOptions;
}

type Filter = ReturnType<typeof createFilter>;

interface PageRequest {
  readonly filter: Filter;
  readonly limit: number;
  readonly offset?: string;
  readonly withPayload?: boolean | string[];
}

/**
 * One page of what a filter selects.
 * @throws CloisterError `ERR_RETRIEVER_STORE_FAILED` when the server answers with more than was asked for
 */
export async function scrollPage(
  { connection, options }: Session,
  { filter, limit, offset, withPayload = true }: PageRequest,
): Promise<{ readonly points: readonly StoredPoint[]; readonly next: string | undefined }> {
  const { readConsistency } = options;
  const page = await connection.call((calls) =>
    calls.scroll(options.collection, {
      filter,
      limit,
      with_payload: withPayload,
      with_vector: false,
      ...(offset === undefined ? {} : { offset: toUuid(offset) }),
      ...(readConsistency === undefined ? {} : { consistency: readConsistency }),
    }),
  );
  if (!Array.isArray(page.points) || page.points.length > limit) throw retrieverError('ERR_RETRIEVER_STORE_FAILED');
  const next = page.next_page_offset;
  return { points: page.points.map(fromWire), next: next === null || next === undefined ? undefined : fromUuid(next) };
}

/** Everything that a filter selects, page by page. */
export async function* scrollPages(
  session: Session,
  filter: Filter,
  withPayload: boolean | string[],
): AsyncGenerator<readonly StoredPoint[]> {
  let offset = '';
  for (;;) {
    const request = { filter, limit: PAGE, withPayload, ...(offset === '' ? {} : { offset }) };
    const { points, next } = await scrollPage(session, request);
    if (points.length > 0) yield points;
    // Ids rise from page to page: a server that goes in circles is not followed.
    if (next === undefined || next <= offset) return;
    offset = next;
  }
}
