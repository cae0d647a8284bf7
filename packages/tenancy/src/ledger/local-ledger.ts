import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { isCloisterError, openOnce, toHex } from '@cloister/core';
import type { Ledger, LedgerChanges, LedgerDelta, LedgerEntry, LedgerState } from '@cloister/core';
import { tenancyError } from '../errors.ts';
import { merkleRoot } from './merkle-map.ts';
import { openLedgerDatabase } from './open-ledger-database.ts';

/** A ledger in a file of this machine. */
export interface LocalLedger extends Ledger {
  /** Closes the file; later calls reject with `ERR_TENANCY_CLOSED`. */
  close(): Promise<void>;
}

/** Marks of removals are kept for so many steps; who was away longer reads the whole collection. */
const HORIZON = 4096;
const EMPTY_ROOT: string = toHex(merkleRoot(undefined));

const STATEMENTS = {
  begin: 'BEGIN',
  beginWriting: 'BEGIN IMMEDIATE',
  commit: 'COMMIT',
  state: 'SELECT sequence, root, intent, horizon FROM collections WHERE name = ?',
  all: "SELECT id, document, tags, version, digest FROM entries WHERE collection = ? AND digest <> ''",
  since: 'SELECT id, document, tags, version, digest FROM entries WHERE collection = ? AND sequence > ?',
  create: `INSERT OR IGNORE INTO collections (name, sequence, root, horizon) VALUES (?, 0, '${EMPTY_ROOT}', 0)`,
  advance: 'UPDATE collections SET sequence = sequence + 1, root = ?, intent = ? WHERE name = ? AND sequence = ?',
  put: `INSERT OR REPLACE INTO entries (collection, id, document, tags, version, digest, sequence)
    VALUES (?, ?, ?, ?, ?, ?, ?)`,
  forget: "DELETE FROM entries WHERE collection = ? AND digest = '' AND sequence <= ?",
  moveHorizon: 'UPDATE collections SET horizon = ? WHERE name = ?',
} as const;

type Statements = Readonly<Record<keyof typeof STATEMENTS, StatementSync>>;

/**
 * The ledger of one machine: one SQLite file on the trusted side, to be kept where the store's operator cannot write,
 * and opened on the first call. Processes that share it see each other's writes at once.
 * @throws (from its methods) CloisterError `ERR_TENANCY_LEDGER`, `ERR_TENANCY_CLOSED`
 */
export function localLedger(path: string): LocalLedger {
  const file = openOnce(async () => {
    const database = await openLedgerDatabase(path);
    return { database, statements: prepare(database) };
  });
  let closed = false;

  async function use<Result>(
    begin: 'begin' | 'beginWriting',
    work: (statements: Statements) => Result,
  ): Promise<Result> {
    if (closed) throw tenancyError('ERR_TENANCY_CLOSED');
    const { database, statements } = await file.get();
    if (!database.isOpen) throw tenancyError('ERR_TENANCY_CLOSED');
    return transact(database, statements, begin, () => work(statements));
  }

  return {
    read: (collection, since) => use('begin', (statements) => readDelta(statements, collection, since)),
    advance: (collection, sequence, next) =>
      use('beginWriting', (statements) => advance(statements, collection, sequence, next)),
    async close() {
      closed = true;
      const held = await file.held();
      if (held?.database.isOpen === true) held.database.close();
    },
  };
}

function prepare(database: DatabaseSync): Statements {
  const entries = Object.entries(STATEMENTS).map(([name, text]) => [name, database.prepare(text)]);
  return Object.fromEntries(entries) as Statements;
}

/** All or nothing, and nothing of another process in between. SQLite's own error text is not passed on. */
function transact<Result>(
  database: DatabaseSync,
  statements: Statements,
  begin: 'begin' | 'beginWriting',
  work: () => Result,
): Result {
  try {
    statements[begin].run();
    const result = work();
    statements.commit.run();
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw isCloisterError(error) ? error : tenancyError('ERR_TENANCY_LEDGER');
  }
}

function readDelta(statements: Statements, collection: string, since: number): LedgerDelta {
  const row = statements.state.get(collection);
  if (row === undefined) return { sequence: 0, root: EMPTY_ROOT, intent: undefined, since: 0, changes: decode([]) };
  const [sequence, horizon] = [Number(row['sequence']), Number(row['horizon'])];
  const intent = typeof row['intent'] === 'string' ? (JSON.parse(row['intent']) as LedgerChanges) : undefined;
  const state = { sequence, root: String(row['root']), intent };
  if (since === sequence) return { ...state, since, changes: decode([]) };
  const whole = since === 0 || since < horizon || since > sequence;
  const rows = whole ? statements.all.all(collection) : statements.since.all(collection, since);
  return { ...state, since: whole ? 0 : since, changes: decode(rows) };
}

function decode(rows: readonly Record<string, SQLOutputValue>[]): LedgerChanges {
  const put: LedgerEntry[] = [];
  const remove: string[] = [];
  for (const { id, document, tags, version, digest } of rows as readonly Record<string, string>[]) {
    if (digest === '') remove.push(id as string);
    else {
      const list = tags === '' ? [] : (tags as string).split(' ');
      put.push({
        id: id as string,
        document: document as string,
        tags: list,
        version: Number(version),
        digest: digest as string,
      });
    }
  }
  return { put, remove };
}

function advance(
  statements: Statements,
  collection: string,
  sequence: number,
  { changes, root, intent }: Omit<LedgerState, 'sequence'> & { readonly changes: LedgerChanges },
): boolean {
  statements.create.run(collection);
  const text = intent === undefined ? null : JSON.stringify(intent);
  if (statements.advance.run(root, text, collection, sequence).changes === 0) return false;
  for (const { id, document, tags, version, digest } of changes.put) {
    statements.put.run(collection, id, document, tags.join(' '), version, digest, sequence + 1);
  }
  for (const id of changes.remove) statements.put.run(collection, id, '', '', 0, '', sequence + 1);
  if ((sequence + 1) % HORIZON === 0) {
    statements.forget.run(collection, sequence + 1 - HORIZON);
    statements.moveHorizon.run(sequence + 1 - HORIZON, collection);
  }
  return true;
}
