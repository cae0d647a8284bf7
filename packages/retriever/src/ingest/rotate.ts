import type { StoredPoint, Tenant } from '@cloister/core';
import type { ArenaSlot } from '../arena/arena-cache.ts';
import { catchUp } from '../arena/sync-arena.ts';
import { createTally, refuse, tamperedError } from '../arena/tally.ts';
import type { Tally } from '../arena/tally.ts';
import type { RefusalCode } from '../errors.ts';
import { isSealedWithActiveKey } from '../record/envelope.ts';
import { openHead, openPayload, openVector } from '../record/open-record.ts';
import { deriveCollectionKeys } from '../record/record-keys.ts';
import type { CollectionKeys } from '../record/record-keys.ts';
import { sealFields } from '../record/seal-record.ts';
import type { SealedRecord } from '../record/seal-record.ts';
import type { RetrieverContext } from '../retriever-context.ts';
import { writeRecords } from './write-records.ts';
import { targetOf } from './write-target.ts';

/** Options of `rotate`. */
export interface RotationOptions {
  /** Called after every batch with the records seen so far. */
  readonly onProgress?: (records: number) => void;
  /** Stops between batches; the next call goes on from there. */
  readonly signal?: AbortSignal;
}

/** What a rotation did. `records` = `resealed` + `current`. */
export interface RotationReceipt {
  readonly records: number;
  /** Records that are now sealed with the newest keys. */
  readonly resealed: number;
  /** Records that were already. */
  readonly current: number;
}

const FIELDS = ['head', 'payload', 'vector'] as const;

interface Run {
  readonly context: RetrieverContext;
  readonly keys: CollectionKeys;
  readonly slot: ArenaSlot;
  readonly tally: Tally;
  readonly seen: Set<string>;
  readonly counts: { records: number; resealed: number; current: number };
}

/** Seals a collection's records with the newest keys: see `Retriever.rotate`. */
export async function rotate(
  context: RetrieverContext,
  tenant: Tenant,
  { onProgress, signal }: RotationOptions,
): Promise<RotationReceipt> {
  const keys = await deriveCollectionKeys(tenant, context.collection, context.mode);
  try {
    const slot = context.arenas.slot(keys.partition);
    const counts = { records: 0, resealed: 0, current: 0 };
    const run: Run = { context, keys, slot, tally: createTally(), seen: new Set(), counts };
    await slot.writing.run(async () => {
      for await (const batch of context.store.scan({ partition: keys.partition })) {
        signal?.throwIfAborted();
        await slot.access.run(() => rotateBatch(run, batch));
        onProgress?.(counts.records);
      }
    });
    for (const { id } of slot.ledger?.entries() ?? []) {
      if (!run.seen.has(id)) refuse(run.tally, 'ERR_RETRIEVER_RECORD_MISSING');
    }
    // A record that was not sealed anew would be lost with its key, so nobody may take this for done.
    if (run.tally.refused.size > 0) throw tamperedError(run.tally);
    return counts;
  } finally {
    keys.clear();
  }
}

async function rotateBatch(run: Run, batch: readonly StoredPoint[]): Promise<void> {
  const { context, keys, counts } = run;
  const { arena, ledger } = run.slot;
  if (ledger !== undefined) await catchUp(arena, ledger);
  const records: SealedRecord[] = [];
  for (const point of batch) {
    const resealed = reseal(run, point);
    if (typeof resealed === 'string') refuse(run.tally, resealed);
    else {
      run.seen.add(point.id);
      counts.records++;
      counts[resealed === undefined ? 'current' : 'resealed']++;
      if (resealed !== undefined) records.push(resealed);
    }
  }
  if (records.length === 0) return;
  const drafts = records.map((record) => ({ id: record.point.id, values: undefined, seal: () => record }));
  await writeRecords(targetOf(context, keys, run.slot), { drafts, cleared: [] });
  for (const { point } of records) arena.outdated.add(point.id);
}

/** The record under the newest keys; `undefined` when it is there already. Version, id and content stay. */
function reseal({ context, keys, slot, seen }: Run, point: StoredPoint): SealedRecord | RefusalCode | undefined {
  const opened = openHead(keys, point);
  if (typeof opened === 'string') return opened;
  if (seen.has(point.id)) return 'ERR_RETRIEVER_RECORD_DUPLICATE';
  if (slot.ledger?.accepts(point.id, opened.digest) === false) return 'ERR_RETRIEVER_RECORD_UNACKNOWLEDGED';
  if (FIELDS.every((field) => isSealedWithActiveKey(keys, field, point[field]))) return undefined;
  const text = openPayload(keys, point, opened.head);
  const vector = openVector(keys, point, opened.head);
  if (typeof text === 'string') return text;
  if (typeof vector === 'string') return vector;
  return sealFields(keys, opened.head, { text, vector }, context.random);
}
