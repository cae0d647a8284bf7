import { covers } from '@cloister/core';
import type { AccessLabel, PrincipalClaims, Tenant } from '@cloister/core';
import { tenantClaims } from '@cloister/tenancy';
import { loadArena } from '../arena/load-arena.ts';
import { rankArena } from '../arena/rank-arena.ts';
import type { Ranking } from '../arena/rank-arena.ts';
import { createTally, refuse, tamperedError } from '../arena/tally.ts';
import type { Tally } from '../arena/tally.ts';
import { embedTexts } from '../embed-texts.ts';
import { retrieverError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { deriveCollectionKeys } from '../record/record-keys.ts';
import type { CollectionKeys } from '../record/record-keys.ts';
import { groupTags } from '../record/record-names.ts';
import type { RetrieverContext } from '../retriever-context.ts';
import { fetchChunks } from './fetch-chunks.ts';
import type { SearchOptions, SearchReport, SearchResult } from './search-result.ts';

/** Finds the chunks nearest to a question: see `Retriever.search`. */
export async function search(
  context: RetrieverContext,
  tenant: Tenant,
  question: string,
  options: SearchOptions,
): Promise<SearchResult> {
  const limit = parseLimit(options.limit ?? 6);
  if (typeof question !== 'string' || question.length > LIMITS.question || !question.isWellFormed()) {
    throw retrieverError('ERR_RETRIEVER_QUESTION');
  }
  const claims = tenantClaims(tenant);
  const keys = await deriveCollectionKeys(tenant, context.collection);
  try {
    const [query] = await embedTexts(context.embedder, [question], options.signal);
    const run: Run = { context, keys, claims, query: query as Float32Array, limit, signal: options.signal };
    return (await attempt(run, 'first')) ?? (await attempt(run, 'last')) ?? neverReached();
  } finally {
    keys.clear();
  }
}

interface Run {
  readonly context: RetrieverContext;
  readonly keys: CollectionKeys;
  readonly claims: PrincipalClaims;
  readonly query: Float32Array;
  readonly limit: number;
  readonly signal: AbortSignal | undefined;
}

function parseLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= LIMITS.results) return limit;
  throw retrieverError('ERR_RETRIEVER_OPTIONS', { subject: 'limit' });
}

/** The last attempt always ends in a result or an error. */
function neverReached(): never {
  throw retrieverError('ERR_RETRIEVER_TAMPERED');
}

/**
 * Loads, ranks and fetches once. When the store no longer agrees with the arena, another process may have written: the
 * first attempt then gives `undefined` after emptying the arena, and the last one counts it as a refusal.
 */
async function attempt(run: Run, which: 'first' | 'last'): Promise<SearchResult | undefined> {
  const { context, keys, limit, signal } = run;
  const { store, embedder, onTampered } = context;
  const { arena, access } = context.arenas.slot(keys.partition);
  const tally = createTally();
  const tags = groupTags(keys, run.claims.groups);
  const ranking = await access.run(async () => {
    if (tags.length > 0) await loadArena(arena, tags, { store, keys, embedder: embedder.id, tally, signal });
    stopIfTampered(tally, onTampered);
    // Twice the limit, so that records refused below can be made up for.
    return rankArena(arena, run.query, 2 * limit, (access_) => maySee(run.claims, access_));
  });
  const fetched = await fetchChunks(store, keys, ranking.best, limit, tally, signal);
  // Whatever the arena was filled from, the next attempt or search looks at the store again.
  if (fetched.outdated > 0) await access.run(async () => arena.reset());
  if (fetched.outdated > 0 && which === 'first') return undefined;
  refuse(tally, 'ERR_RETRIEVER_RECORD_MISSING', fetched.outdated);
  stopIfTampered(tally, onTampered);
  return { chunks: fetched.chunks, report: createReport(ranking, tally) };
}

function stopIfTampered(tally: Tally, onTampered: 'throw' | 'skip'): void {
  if (onTampered === 'throw' && tally.refused.size > 0) throw tamperedError(tally);
}

/** Deny by default: the clearance covers the label, and the caller holds one of the groups. */
function maySee(claims: PrincipalClaims, access: AccessLabel): boolean {
  return covers(claims.clearance, access.label) && access.acl.some((group) => claims.groups.includes(group));
}

function createReport(ranking: Ranking, tally: Tally): SearchReport {
  return {
    scanned: ranking.scanned,
    refusedByAcl: ranking.refused,
    refusedByStore: Object.fromEntries(tally.refused),
    otherEmbedder: tally.otherEmbedder,
    bytes: tally.bytes,
    rollback: 'not detected',
  };
}
