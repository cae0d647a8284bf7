import type { PrincipalClaims, Tenant } from '@cloister/core';
import { tenantClaims } from '@cloister/tenancy';
import type { ArenaSlot } from '../arena/arena-cache.ts';
import { rankArena } from '../arena/rank-arena.ts';
import type { RankedRow } from '../arena/rank-arena.ts';
import { rankHybrid } from '../arena/rank-hybrid.ts';
import { catchUp, syncArena } from '../arena/sync-arena.ts';
import { createTally, refuse, tamperedError } from '../arena/tally.ts';
import type { Tally } from '../arena/tally.ts';
import { checkOptions, isWithin } from '../check-options.ts';
import { checkQuestion, checkVector, embedQuestion } from '../embed-question.ts';
import { LIMITS } from '../limits.ts';
import { deriveCollectionKeys } from '../record/record-keys.ts';
import type { CollectionKeys } from '../record/record-keys.ts';
import { groupTags } from '../record/record-names.ts';
import type { RetrieverContext } from '../retriever-context.ts';
import { fetchChunks } from './fetch-chunks.ts';
import { judgeRows } from './judge-rows.ts';
import type { JudgedRows } from './judge-rows.ts';
import { loadCandidates } from './load-candidates.ts';
import { narrow, parseNarrowing } from './narrowing.ts';
import type { SearchOptions, SearchReport, SearchResult } from './search-result.ts';

/** Finds the chunks nearest to a question: see `Retriever.search`. */
export async function search(
  context: RetrieverContext,
  tenant: Tenant,
  question: string,
  options: SearchOptions,
): Promise<SearchResult> {
  const { limit = 6 } = options;
  checkOptions([!isWithin(limit, 1, LIMITS.results) && 'limit']);
  checkQuestion(question);
  const given = options.vector && checkVector(options.vector, context.embedder);
  const narrowing = parseNarrowing(options.within === undefined ? {} : options.within);
  const claims = tenantClaims(tenant);
  const keys = await deriveCollectionKeys(tenant, context.collection, context.mode);
  try {
    const query = given ?? (await embedQuestion(context.embedder, question, options));
    const asked = { question, query, limit, within: narrow(keys, narrowing) };
    const run: Run = { context, keys, claims, ...asked, signal: options.signal };
    // Without a ledger nobody can say whether anything moved, so there is one more try.
    const attempts = context.ledger ? ATTEMPTS : 2;
    for (let turn = 1; turn < attempts; turn++) {
      const found = await attempt(run, false);
      if (found !== undefined) return found;
    }
    return (await attempt(run, true)) as SearchResult;
  } finally {
    keys.clear();
  }
}

interface Run {
  readonly context: RetrieverContext;
  readonly keys: CollectionKeys;
  readonly claims: PrincipalClaims;
  readonly question: string;
  readonly query: Float32Array;
  readonly limit: number;
  /** What the caller narrowed the search to; never widens. */
  readonly within: ReturnType<typeof narrow>;
  readonly signal: AbortSignal | undefined;
}

/** How often a search begins anew because another process wrote to the collection in between. */
const ATTEMPTS = 8;

/**
 * Loads, ranks and fetches. When what the store gives does not agree with what was loaded, another process may have
 * written: the arena is then emptied and everything read again, until nothing moved in between or the attempts end.
 */
async function attempt(run: Run, last: boolean): Promise<SearchResult | undefined> {
  const { context, keys, limit, signal } = run;
  const { store, onTampered } = context;
  const slot = context.arenas.slot(keys.partition);
  const tally = createTally();
  const ranking = await slot.access.run(() => loadAndRank(run, slot, tally));
  if (tally.refused.size > 0) {
    if (!last && (await hasMoved(slot))) return undefined;
    stopIfTampered(tally, onTampered);
  }
  const fetched = await fetchChunks(store, keys, ranking.best, limit, tally, signal);
  if (fetched.outdated > 0) {
    // Whatever the arena was filled from, the next attempt or search looks at the store again.
    await slot.access.run(async () => slot.arena.reset());
    if (!last && (slot.ledger === undefined || (await hasMoved(slot)))) return undefined;
  }
  refuse(tally, 'ERR_RETRIEVER_RECORD_MISSING', fetched.outdated);
  stopIfTampered(tally, onTampered);
  return { chunks: fetched.chunks, report: createReport(ranking, tally, slot.ledger !== undefined) };
}

interface Ranking {
  /** Best first. */
  readonly best: readonly RankedRow[];
  readonly judged: JudgedRows;
}

async function loadAndRank(run: Run, { arena, ledger }: ArenaSlot, tally: Tally): Promise<Ranking> {
  const { context, keys, signal, claims, query } = run;
  const { store, embedder } = context;
  const loading = { store, keys, ledger, embedder: embedder.id, tally, signal };
  if (ledger !== undefined) {
    await catchUp(arena, ledger);
    await syncArena(arena, ledger, loading);
  }
  const tags = groupTags(keys, claims.groups);
  const among = await loadCandidates(run, arena, tags, loading);
  const judged = judgeRows(arena, { claims, now: context.clock.now(), among, within: run.within });
  // Twice the limit, so that records refused below can be made up for.
  const limit = 2 * run.limit;
  const { visible } = judged;
  const best =
    arena.lexical === undefined
      ? rankArena(arena, query, limit, visible)
      : rankHybrid(arena, query, run.question, limit, visible);
  return { best, judged };
}

/** Whether anybody wrote since the ranking; the rows concerned are remembered. */
async function hasMoved({ arena, ledger, access }: ArenaSlot): Promise<boolean> {
  const before = ledger?.sequence;
  if (ledger !== undefined) await access.run(() => catchUp(arena, ledger));
  return ledger?.sequence !== before;
}

function stopIfTampered(tally: Tally, onTampered: 'throw' | 'skip'): void {
  if (onTampered === 'throw' && tally.refused.size > 0) throw tamperedError(tally);
}

function createReport({ judged }: Ranking, tally: Tally, checked: boolean): SearchReport {
  return {
    scanned: judged.scanned,
    refusedByAcl: judged.refused,
    refusedByStore: Object.fromEntries(tally.refused),
    otherEmbedder: tally.otherEmbedder,
    bytes: tally.bytes,
    rollback: checked ? 'checked' : 'not detected',
  };
}
