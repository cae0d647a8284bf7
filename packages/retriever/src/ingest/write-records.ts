import type { LedgerChanges, LedgerEntry } from '@cloister/core';
import { NO_CHANGES } from '@cloister/tenancy';
import type { CollectionLedger } from '@cloister/tenancy';
import { retrieverError } from '../errors.ts';
import { attachPrefix } from '../prefix/attach-prefix.ts';
import { createPrefixCipher } from '../prefix/prefix-cipher.ts';
import type { SealedRecord } from '../record/seal-record.ts';
import { settleIntent } from './settle-intent.ts';
import type { WriteTarget } from './write-target.ts';

/** One write: all of it counts or nothing does. */
export interface RecordWrite {
  readonly records: readonly SealedRecord[];
  /** Blind tags of documents that are to hold nothing besides `records`. */
  readonly cleared: readonly string[];
}

/** How often a write begins anew because another process was faster. */
const ATTEMPTS = 20;

/**
 * Writes records: announced in the ledger, stored, cleared of left-overs, acknowledged in the ledger. A crash in between
 * leaves the announcement, and the next writer brings it to an end or undoes it.
 * @returns records that were removed
 * @throws CloisterError `ERR_RETRIEVER_STORE_LOST`, `ERR_RETRIEVER_CONTENDED`, what store and ledger throw
 */
export async function writeRecords(target: WriteTarget, write: RecordWrite): Promise<number> {
  const { ledger } = target;
  if (ledger === undefined) return storeRecords(target, write);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const changes = await announce(target, ledger, write);
    if (changes === undefined) continue;
    try {
      const removed = await storeRecords(target, write);
      if (await ledger.advance(changes)) return removed;
    } catch (error) {
      // Whatever the store has done: the ledger must say it before anybody reads. The first error is the one to tell.
      await settleIntent(target, ledger).catch(() => {});
      throw error;
    }
  }
  throw retrieverError('ERR_RETRIEVER_CONTENDED');
}

/** Says what is about to change; `undefined` when another writer came first. */
async function announce(
  target: WriteTarget,
  ledger: CollectionLedger,
  { records, cleared }: RecordWrite,
): Promise<LedgerChanges | undefined> {
  await ledger.refresh();
  if (ledger.intent !== undefined) await waitForWriter(target, ledger);
  const put = records.map(toEntry);
  const kept = new Set(put.map(({ id }) => id));
  const known = cleared.flatMap((document) => ledger.ofDocument(document).map(({ id }) => id));
  const changes = { put, remove: known.filter((id) => !kept.has(id)) };
  return (await ledger.advance(NO_CHANGES, changes)) ? changes : undefined;
}

/** The ledger's entry for a record. */
function toEntry({ point, head, digest }: SealedRecord): LedgerEntry {
  return { id: point.id, document: point.document, tags: point.tags, version: head.version, digest };
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
async function storeRecords({ store, keys, prefix }: WriteTarget, { records, cleared }: RecordWrite): Promise<number> {
  const cipher = prefix && createPrefixCipher(keys, prefix);
  const points = records.map((record) => (cipher === undefined ? record.point : attachPrefix(keys, cipher, record)));
  if (points.length > 0 && (await store.put(points)) !== points.length)
    throw retrieverError('ERR_RETRIEVER_STORE_LOST');
  const kept = points.map(({ id }) => id);
  let removed = 0;
  for (const document of cleared) removed += await store.deleteDocument(keys.partition, document, kept);
  return removed;
}
