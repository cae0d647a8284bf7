import type { LedgerChanges, LedgerEntry } from '@cloister/core';
import { NO_CHANGES } from '@cloister/tenancy';
import type { CollectionLedger } from '@cloister/tenancy';
import { placeDrafts } from '../cells/place-drafts.ts';
import { retrieverError } from '../errors.ts';
import { attachPrefix } from '../prefix/attach-prefix.ts';
import { createWordKeyer } from '../prefix/key-words.ts';
import { createPrefixCipher } from '../prefix/prefix-cipher.ts';
import type { SealedRecord } from '../record/seal-record.ts';
import type { RecordDraft, RecordWrite } from './record-draft.ts';
import { settleIntent } from './settle-intent.ts';
import type { WriteTarget } from './write-target.ts';

/** What is to be written: all of it counts or nothing does. */
export interface WriteRequest {
  readonly drafts: readonly RecordDraft[];
  /** Blind tags of documents that are to hold nothing besides them. */
  readonly cleared: readonly string[];
}

/** What was written. */
export interface WriteOutcome extends RecordWrite {
  /** How many records the store says it removed, for each document of `cleared`. */
  readonly removed: readonly number[];
}

/** How often a write begins anew because another process was faster. */
const ATTEMPTS = 20;

/**
 * Writes records: announced in the ledger, stored, cleared of left-overs, acknowledged in the ledger. A crash in between
 * leaves the announcement, and the next writer brings it to an end or undoes it.
 * @throws CloisterError `ERR_RETRIEVER_STORE_LOST`, `ERR_RETRIEVER_CONTENDED`, what store and ledger throw
 */
export async function writeRecords(target: WriteTarget, request: WriteRequest): Promise<WriteOutcome> {
  const { ledger } = target;
  if (ledger === undefined) return storeRecords(target, sealDrafts(request), request);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    await ledger.refresh();
    if (ledger.intent !== undefined) await waitForWriter(target, ledger);
    const removed = removedBy(ledger, request);
    const write = await (target.cells === undefined
      ? sealDrafts(request)
      : placeDrafts(target, target.cells, ledger, request.drafts, removed));
    const changes = { put: [...write.records, ...write.moved].map(toEntry), remove: removed };
    if (!(await ledger.advance(NO_CHANGES, changes))) continue;
    const outcome = await store(target, ledger, write, request, changes);
    if (outcome !== undefined) return outcome;
  }
  throw retrieverError('ERR_RETRIEVER_CONTENDED');
}

/** Stores what was announced and acknowledges it; `undefined` when somebody took this writer for dead. */
async function store(
  target: WriteTarget,
  ledger: CollectionLedger,
  write: RecordWrite,
  request: WriteRequest,
  changes: LedgerChanges,
): Promise<WriteOutcome | undefined> {
  try {
    const outcome = await storeRecords(target, write, request);
    return (await ledger.advance(changes)) ? outcome : undefined;
  } catch (error) {
    // Whatever the store has done: the ledger must say it before anybody reads. The first error is the one to tell.
    await settleIntent(target, ledger).catch(() => {});
    throw error;
  }
}

function sealDrafts({ drafts }: WriteRequest): RecordWrite {
  return { records: drafts.map((draft) => draft.seal([])), moved: [] };
}

function removedBy(ledger: CollectionLedger, { drafts, cleared }: WriteRequest): readonly string[] {
  const kept = new Set(drafts.map(({ id }) => id));
  const known = cleared.flatMap((document) => ledger.ofDocument(document).map(({ id }) => id));
  return known.filter((id) => !kept.has(id));
}

/** The ledger's entry for a record. Its cell stands there too, which the store does not see. */
function toEntry({ point, head, digest }: SealedRecord): LedgerEntry {
  const tags = [...point.tags, ...head.cells];
  return { id: point.id, document: point.document, tags, version: head.version, digest };
}

const PATIENCE = 10;
const PAUSE = 50;

/** Gives the writer who announced something half a second to end it; then takes it for dead. */
async function waitForWriter(target: WriteTarget, ledger: CollectionLedger): Promise<void> {
  const { sequence } = ledger;
  for (let turn = 0; turn < PATIENCE && ledger.sequence === sequence; turn++) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    await ledger.refresh();
  }
  if (ledger.sequence === sequence) await settleIntent(target, ledger);
}

/** New records overwrite old ones by id; left-overs go last, so that a crash loses nothing that counts. */
async function storeRecords(
  { store: to, keys, prefix, keyedWords }: WriteTarget,
  write: RecordWrite,
  { cleared }: WriteRequest,
): Promise<WriteOutcome> {
  const cipher = prefix && createPrefixCipher(keys, prefix);
  const keyer = keyedWords && createWordKeyer(keys, keyedWords);
  const records = [...write.records, ...write.moved];
  const points = records.map((record) =>
    cipher === undefined ? record.point : attachPrefix(keys, cipher, record, keyer),
  );
  if (points.length > 0 && (await to.put(points)) !== points.length) throw retrieverError('ERR_RETRIEVER_STORE_LOST');
  const kept = Map.groupBy(points, ({ document }) => document);
  const removals = cleared.map((document) => {
    const ids = (kept.get(document) ?? []).map(({ id }) => id);
    return to.deleteDocument(keys.partition, document, ids);
  });
  // All of them are waited for: after an error nothing may still be on its way.
  await Promise.allSettled(removals);
  return { ...write, removed: await Promise.all(removals) };
}
