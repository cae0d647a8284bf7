import { chmod, open } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import { isCloisterError } from '@cloister/core';
import { tenancyError } from '../errors.ts';

/** `CLL1`: tells our files from other databases (SQLite's application id). */
const APPLICATION_ID = 0x434c4c31;

const SCHEMA = `
  CREATE TABLE collections (
    name TEXT PRIMARY KEY, sequence INTEGER NOT NULL, root TEXT NOT NULL, intent TEXT, horizon INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE entries (
    collection TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL, tags TEXT NOT NULL,
    version INTEGER NOT NULL, digest TEXT NOT NULL, sequence INTEGER NOT NULL,
    PRIMARY KEY (collection, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX entries_by_sequence ON entries (collection, sequence);
  PRAGMA application_id = ${APPLICATION_ID};
`;

/**
 * Opens or makes the ledger's file with mode 0600: write-ahead log, every commit synced. SQLite is loaded only here, so
 * that whoever keeps no ledger does without it.
 * @throws CloisterError `ERR_TENANCY_LEDGER` when it cannot be opened, is not ours or fails its integrity check
 */
export async function openLedgerDatabase(path: string): Promise<DatabaseSync> {
  let database: DatabaseSync | undefined;
  try {
    const { DatabaseSync: Database } = await import('node:sqlite');
    if (path !== ':memory:') await restrict(path);
    database = new Database(path, { allowExtension: false });
    database.exec('PRAGMA busy_timeout = 10000; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON');
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    prepareSchema(database);
    return database;
  } catch (error) {
    database?.close();
    throw isCloisterError(error) ? error : tenancyError('ERR_TENANCY_LEDGER', { subject: path });
  }
}

/** Before SQLite opens it: what SQLite makes itself has the mode that the process's mask leaves. */
async function restrict(path: string): Promise<void> {
  await (await open(path, 'a', 0o600)).close();
  await chmod(path, 0o600);
}

function prepareSchema(database: DatabaseSync): void {
  database.exec('BEGIN IMMEDIATE');
  const { application_id: application } = database.prepare('PRAGMA application_id').get() ?? {};
  const { count } = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get() ?? {};
  if (application === 0 && count === 0) database.exec(SCHEMA);
  else if (application !== APPLICATION_ID) throw tenancyError('ERR_TENANCY_LEDGER');
  database.exec('COMMIT');
  const { quick_check: answer } = database.prepare('PRAGMA quick_check(1)').get() ?? {};
  if (answer !== 'ok') throw tenancyError('ERR_TENANCY_LEDGER');
}
