import type { StoredPoint, VectorStore } from '@cloister/core';
import type { CollectionLedger } from '@cloister/tenancy';
import type { RefusalCode } from '../errors.ts';
import { isStoredPoint, openHead } from '../record/open-record.ts';
import type { CollectionKeys } from '../record/record-keys.ts';
import type { Arena, ArenaRow } from './arena.ts';
import { findKnown } from './find-known.ts';
import { putRecord } from './put-record.ts';
import { unitsOf } from './selection.ts';
import type { Selection } from './selection.ts';
import { refuse } from './tally.ts';
import type { Tally } from './tally.ts';

/** What loading needs besides the arena. */
export interface LoadContext {
  readonly store: VectorStore;
  readonly keys: CollectionKeys;
  readonly ledger: CollectionLedger | undefined;
  /** Id of the embedder whose vectors the arena holds. */
  readonly embedder: string;
  readonly tally: Tally;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens into the arena what the store holds of the selection and is not in it yet. A selection only narrows what has to
 * be read; who may see a record is decided afterwards, from its opened head. One bad record never ends the loading: it
 * is counted, and so is each that the ledger knows and the store left out. When anything was refused or a write is not
 * settled, the units stay unloaded, so that the next search looks again.
 * @throws CloisterError `ERR_RETRIEVER_TOO_LARGE`; what the store throws; the signal's reason
 */
export async function loadArena(arena: Arena, selection: Selection, context: LoadContext): Promise<void> {
  const missing = selection.units.filter((unit) => !arena.loaded.has(unit));
  if (missing.length === 0) return;
  const { ledger, tally, keys } = context;
  const wanted = new Set(missing);
  const seen = new Set<string>();
  const answered = new Set<string>();
  const query = selection.query(missing);
  const isWanted = ({ tags }: StoredPoint): boolean => tags.some((tag) => query.tags.includes(tag));
  const texts = arena.lexical !== undefined;
  for await (const batch of context.store.scan({ partition: keys.partition, ...query, texts })) {
    context.signal?.throwIfAborted();
    for (const point of batch) {
      const isRecord = isStoredPoint(point);
      if (isRecord) answered.add(point.id);
      if (isRecord && isWanted(point) && isElsewhere(context, point, wanted)) continue;
      takePoint(arena, point, seen, context, isWanted);
    }
  }
  if (ledger !== undefined) refuse(tally, 'ERR_RETRIEVER_RECORD_MISSING', countMissing(keys, ledger, wanted, answered));
  if (tally.refused.size === 0 && ledger?.intent === undefined) for (const unit of missing) arena.loaded.add(unit);
}

/**
 * In the mode `cells`: a record that by the ledger is in a cell that was not asked for is not opened, unless it claims
 * other groups than it has. A store that cannot look for cells answers with many of them.
 */
function isElsewhere({ keys, ledger }: LoadContext, { id, tags }: StoredPoint, wanted: ReadonlySet<string>): boolean {
  if (keys.mode !== 'cells') return false;
  const entry = ledger?.entry(id);
  if (entry === undefined || unitsOf(keys, entry.tags).some((unit) => wanted.has(unit))) return false;
  return tags.length === entry.tags.length - 2 && tags.every((tag) => entry.tags.includes(tag));
}

/** Entries of these units that the store did not answer with. What is just being written may be absent. */
function countMissing(
  keys: CollectionKeys,
  ledger: CollectionLedger,
  wanted: ReadonlySet<string>,
  answered: ReadonlySet<string>,
): number {
  const { put, remove } = ledger.intent ?? { put: [], remove: [] };
  const moving = new Set([...put.map(({ id }) => id), ...remove]);
  let count = 0;
  for (const entry of ledger.entries()) {
    if (answered.has(entry.id) || moving.has(entry.id)) continue;
    if (unitsOf(keys, entry.tags).some((unit) => wanted.has(unit))) count++;
  }
  return count;
}

/** Opens one point of the store's answer into the arena, or counts why not. `seen` holds the ids that were genuine. */
export function takePoint(
  arena: Arena,
  point: StoredPoint,
  seen: Set<string>,
  context: Omit<LoadContext, 'store'>,
  isWanted: (point: StoredPoint) => boolean,
): void {
  const { keys, tally, embedder } = context;
  const known = findKnown(arena, keys, point);
  const opened = known ?? openHead(keys, point, arena.lexical !== undefined);
  if (typeof opened === 'string') return refuse(tally, opened);
  if (!isWanted(point)) return refuse(tally, 'ERR_RETRIEVER_RECORD_UNASKED');
  tally.bytes += point.head.length + point.payload.length + point.vector.length;
  if (seen.has(point.id)) return refuse(tally, 'ERR_RETRIEVER_RECORD_DUPLICATE');
  const { digest } = opened;
  const version = 'head' in opened ? opened.head.version : opened.version;
  const outdated = judgeVersion(arena, point, { version, digest }, seen, context);
  if (outdated !== undefined) return refuse(tally, outdated);
  seen.add(point.id);
  if (!('head' in opened) || arena.find(point.id)?.digest === digest) return arena.touch(point.id);
  // Whatever was there is not the record that counts.
  arena.remove(point.id);
  if (opened.head.embedder !== embedder) {
    tally.otherEmbedder++;
    return;
  }
  const refusal = putRecord(arena, keys, point, opened);
  if (refusal !== undefined) refuse(tally, refusal);
}

/** What tells one version of a record from another. */
type RecordVersion = Pick<ArenaRow, 'version' | 'digest'>;

/** Whether the record is the one that counts: by the ledger, or without one by what this process has seen. */
function judgeVersion(
  arena: Arena,
  point: StoredPoint,
  { version, digest }: RecordVersion,
  seen: ReadonlySet<string>,
  { ledger, tally }: Omit<LoadContext, 'store'>,
): RefusalCode | undefined {
  if (ledger === undefined)
    return isStale(arena, point, version, seen, tally) ? 'ERR_RETRIEVER_RECORD_STALE' : undefined;
  if (ledger.accepts(point.id, digest)) return undefined;
  // A row that is what the ledger says stays: other groups' units may be loaded and would miss it in silence.
  const row = arena.find(point.id);
  if (row !== undefined && !ledger.accepts(row.id, row.digest)) arena.remove(row.id);
  const older = version < (ledger.entry(point.id)?.version ?? 0);
  return older ? 'ERR_RETRIEVER_RECORD_STALE' : 'ERR_RETRIEVER_RECORD_UNACKNOWLEDGED';
}

/**
 * All chunks of a document carry one version: a chunk of an older one is left over or was put back. Rows that another
 * process has replaced since are forgotten without a count; those that this very scan brought count.
 */
function isStale(arena: Arena, point: StoredPoint, version: number, seen: ReadonlySet<string>, tally: Tally): boolean {
  const newest = arena.newest.get(point.document) ?? 0;
  if (version < newest) return true;
  if (version === newest) return false;
  arena.newest.set(point.document, version);
  const leftOver = arena.removeDocument(point.document, version).filter((id) => seen.has(id));
  refuse(tally, 'ERR_RETRIEVER_RECORD_STALE', leftOver.length);
  return false;
}
