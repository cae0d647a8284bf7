import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { closeSync, openSync } from 'node:fs';
import { sessionError } from '../errors.ts';
import { MOST_SEALED_BYTES, MOST_TURNS, type MemoryStore } from '../memory/memory-store.ts';

/** A memory store in a file of this machine. */
export interface SqliteMemory extends MemoryStore {
  /** Closes the file; later calls reject with `ERR_SESSION_STORE`. */
  close(): void;
}

/** `CLM2`: tells our files from other databases (SQLite's application id). */
const APPLICATION_ID = 0x434c4d32;

/** Numbers that each session owns in the table of turns, by its id: its turns lie side by side and go together. */
const PLACES = 2 * MOST_TURNS;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS sessions (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, header BLOB NOT NULL, turns INTEGER NOT NULL, expires INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS sessions_by_expiry ON sessions (expires);
  CREATE TABLE IF NOT EXISTS turns (place INTEGER PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
  PRAGMA application_id = ${APPLICATION_ID};
`;

const FIRST_PLACE = `${PLACES} * (SELECT id FROM sessions WHERE name = ?1)`;

const STATEMENTS = {
  get: `SELECT CASE WHEN length(header) <= 1024 THEN header ELSE x'' END AS bytes FROM sessions WHERE name = ?`,
  put: 'INSERT OR IGNORE INTO sessions (name, header, turns, expires) VALUES (?, ?, 0, ?)',
  count: 'UPDATE sessions SET turns = turns + 1, expires = ? WHERE name = ? AND turns = ?',
  append: `INSERT INTO turns (place, sealed) VALUES (${FIRST_PLACE} + ?2, ?3)`,
  list: `SELECT CASE WHEN length(sealed) <= ${MOST_SEALED_BYTES} THEN sealed ELSE x'' END AS bytes FROM turns
    WHERE place BETWEEN ${FIRST_PLACE} AND ${FIRST_PLACE} + ${PLACES - 1} ORDER BY place LIMIT ${MOST_TURNS + 1}`,
  forget: `UPDATE sessions SET name = 'forgotten ' || id, header = x'', expires = 0 WHERE name = ?`,
  expire: `UPDATE sessions SET name = 'forgotten ' || id, header = x'', expires = 0
    WHERE id IN (SELECT id FROM sessions WHERE expires > 0 AND expires <= ? LIMIT 100)`,
  forgotten: `SELECT id, min(turns, ${MOST_TURNS}) AS turns FROM sessions WHERE expires = 0 LIMIT 1`,
  free: `DELETE FROM turns WHERE place BETWEEN ${PLACES} * ?1 + ?2 AND ${PLACES} * ?1 + ${PLACES - 1}`,
  shorten: 'UPDATE sessions SET turns = ?2 - 1 WHERE id = ?1',
  remove: 'DELETE FROM sessions WHERE id = ?',
} as const;

type Statements = Readonly<Record<keyof typeof STATEMENTS, StatementSync>>;

/** Turns that are freed in one go: a millisecond or two in which nothing else of this process runs. */
const STEP = 500;

/** Milliseconds until the next step: who has ended a session is answered first. */
const PAUSE = 5;

/**
 * Sealed turns in one SQLite file, mode 0600, with a write-ahead log beside it; every turn is synced. `:memory:` keeps them
 * in this process. What is removed or over is forgotten at once; the room of its turns is freed afterwards, a few at a time, by
 * this process or by the next that opens the file. Freed pages are not overwritten: what is on them is ciphertext whose key is gone.
 * @param options.now milliseconds since the epoch, for what is over
 * @throws CloisterError `ERR_SESSION_STORE`, here and from its methods
 */
export function sqliteMemory(path: string, options: { readonly now?: () => number } = {}): SqliteMemory {
  const now = options.now ?? Date.now;
  const database = guard(() => open(path));
  const statements = guard(() => prepare(database));
  const free = createFreeing(database, statements, now);
  const run = async <Result>(work: () => Result): Promise<Result> => guard(() => transact(database, work));
  free();
  return {
    get: (name) => run(() => bytesOf(statements.get.get(name))),
    put(name, header, expiresAt) {
      free();
      return run(() => Number(statements.put.run(name, header, expiresAt).changes) === 1);
    },
    append: (name, number, sealed, expiresAt) =>
      run(() => {
        if (Number(statements.count.run(expiresAt, name, number - 1).changes) === 0) return false;
        statements.append.run(name, number, sealed);
        return true;
      }),
    list: (name) => run(() => statements.list.all(name).map((row) => bytesOf(row) ?? new Uint8Array(0))),
    async delete(name) {
      guard(() => withoutSync(database, () => statements.forget.run(name)));
      free();
    },
    close: () => {
      if (database.isOpen) database.close();
    },
  };
}

/** Forgets what is over and frees the room of what was forgotten, in steps between other work. Where one fails, the next call goes on. */
function createFreeing(database: DatabaseSync, statements: Statements, now: () => number): () => void {
  let timer: NodeJS.Timeout | undefined;
  function step(): boolean {
    statements.expire.run(now());
    const { id, turns } = statements.forgotten.get() ?? {};
    if (id === undefined) return false;
    const first = Math.max(0, Number(turns) + 1 - STEP);
    statements.free.run(id, first);
    if (first === 0) statements.remove.run(id);
    else statements.shorten.run(id, first);
    return true;
  }
  return function free() {
    timer ??= setTimeout(() => {
      timer = undefined;
      try {
        if (database.isOpen && withoutSync(database, step)) free();
      } catch {
        // Nobody waits for this.
      }
    }, PAUSE);
  };
}

function open(path: string): DatabaseSync {
  if (path !== ':memory:') closeSync(openSync(path, 'a', 0o600));
  const database = new DatabaseSync(path, { allowExtension: false });
  try {
    database.exec('PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON');
    const { application_id: id } = database.prepare('PRAGMA application_id').get() ?? {};
    const { count } = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get() ?? {};
    if (id !== APPLICATION_ID && (id !== 0 || count !== 0)) throw new TypeError('another database');
    // Several turns fit a page of this size, so that the end of a long session touches half as many.
    database.exec('PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    database.exec(SCHEMA);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function prepare(database: DatabaseSync): Statements {
  const entries = Object.entries(STATEMENTS).map(([name, text]) => [name, database.prepare(text)]);
  return Object.fromEntries(entries) as Statements;
}

function bytesOf(row: Readonly<Record<string, unknown>> | undefined): Uint8Array | undefined {
  const bytes = row?.['bytes'];
  return bytes instanceof Uint8Array ? bytes : undefined;
}

function transact<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Waits for no disk: a power cut may bring back turns, but not their key, and they are forgotten again when their time is over. */
function withoutSync<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0');
  try {
    return transact(database, work);
  } finally {
    database.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000');
  }
}

/** SQLite's own text may quote the file's content, so it is not passed on. */
function guard<Result>(work: () => Result): Result {
  try {
    return work();
  } catch {
    throw sessionError('ERR_SESSION_STORE');
  }
}
