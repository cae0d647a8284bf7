import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { isCloisterError } from '@cloister/core';
import { retrieverError } from '../errors.ts';

/** Bytes of a page: several records fit into one, so that a write touches fewer. Only a new file takes it. */
const PAGE = 16_384;

/** `CLR1`: tells our files from other databases (SQLite's application id). */
const APPLICATION_ID = 0x434c5231;
const SCHEMA_VERSION = 3;

const SCHEMA = `
  CREATE TABLE points (
    partition BLOB NOT NULL, id BLOB NOT NULL, document BLOB NOT NULL, tags BLOB NOT NULL,
    cell BLOB, head BLOB NOT NULL, payload BLOB NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (partition, id)
  ) STRICT;
  CREATE INDEX points_by_document ON points (partition, document);
  CREATE INDEX points_by_cell ON points (partition, cell, id) WHERE cell IS NOT NULL;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/**
 * Opens or makes the database file, with mode 0600, and checks its integrity. Write-ahead log; every commit is synced;
 * deleted content is overwritten (`secure_delete`), although a copy-on-write disk may still keep it.
 * @throws CloisterError `ERR_RETRIEVER_STORE_OPEN`, `ERR_RETRIEVER_STORE_CORRUPT`
 */
export function openDatabase(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    if (path !== ':memory:') restrict(path);
    database = new DatabaseSync(path, { enableForeignKeyConstraints: false, allowExtension: false });
    configure(database);
    verify(database);
    return database;
  } catch (error) {
    database?.close();
    // SQLite's own text may quote the file's content, so only the kind of failure is passed on.
    if (isCloisterError(error)) throw error;
    const corrupt = CORRUPT.has(resultCode(error));
    throw retrieverError(corrupt ? 'ERR_RETRIEVER_STORE_CORRUPT' : 'ERR_RETRIEVER_STORE_OPEN', { subject: path });
  }
}

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const CORRUPT: ReadonlySet<number> = new Set([11, 26]);

/** SQLite's primary result code of an error; 0 when it is none of SQLite's. */
export function resultCode(error: unknown): number {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' ? code & 0xff : 0;
}

/** SQLite gives its side files the mode of the main one. */
function restrict(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
}

function configure(database: DatabaseSync): void {
  database.exec(`PRAGMA page_size = ${PAGE}`);
  database.exec('PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON');
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
}

function verify(database: DatabaseSync): void {
  database.exec('BEGIN IMMEDIATE');
  const { application_id: application } = database.prepare('PRAGMA application_id').get() ?? {};
  const { count } = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get() ?? {};
  if (application === 0 && count === 0) database.exec(SCHEMA);
  database.exec('COMMIT');
  const { application_id: id } = database.prepare('PRAGMA application_id').get() ?? {};
  const { user_version: version } = database.prepare('PRAGMA user_version').get() ?? {};
  if (id !== APPLICATION_ID || version !== SCHEMA_VERSION) throw retrieverError('ERR_RETRIEVER_STORE_OPEN');
  const { integrity_check: answer } = database.prepare('PRAGMA integrity_check(1)').get() ?? {};
  if (answer !== 'ok') throw retrieverError('ERR_RETRIEVER_STORE_CORRUPT');
}
