import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { fromHex, toHex } from '@cloister/core';
import type { StoredPoint, StoreQuery, VectorStore } from '@cloister/core';
import { retrieverError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { openDatabase, resultCode } from './open-database.ts';

/** Points that leave the store at once. */
const BATCH = 256;

/** A blob that somebody blew up would be read whole into memory: above its bound it reads as empty and is refused. */
const bounded = (column: string, limit: number): string =>
  `CASE WHEN length(p.${column}) <= ${limit} THEN p.${column} ELSE x'' END AS ${column}`;

/** Bytes of a name: half of its hex digits, and less than half of what indexes would have to hold of those. */
const NAME = 16;

const COLUMNS = [
  'p.partition, p.id',
  bounded('document', NAME),
  bounded('tags', LIMITS.groups * NAME),
  bounded('head', LIMITS.head),
  bounded('payload', LIMITS.payload),
  bounded('vector', LIMITS.vector),
].join(', ');

/** Ids after a given one, so that no cursor stays open between batches; what is no id of ours is not read at all. */
const PAGE = `p.partition = ? AND p.id > ? AND length(p.id) = ${NAME} ORDER BY p.id LIMIT ${BATCH}`;
/** Tags lie one after the other. An index of them would have to be written at random places, and costs more than it saves. */
const HAS_TAG = 'EXISTS (SELECT 1 FROM json_each(?) t WHERE instr(p.tags, unhex(t.value)) > 0)';

/** Buckets that are read at once: their records fill a batch. */
const CELLS = 16;
const IN_CELLS = 'p.cell IN (SELECT unhex(value) FROM json_each(?))';

const STATEMENTS = {
  put: `INSERT OR REPLACE INTO points (partition, id, document, tags, cell, head, payload, vector)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  get: `SELECT ${COLUMNS} FROM points p WHERE p.partition = ? AND p.id IN (SELECT unhex(value) FROM json_each(?))`,
  scan: `SELECT ${COLUMNS} FROM points p WHERE ${PAGE}`,
  scanTags: `SELECT ${COLUMNS} FROM points p WHERE ${HAS_TAG} AND ${PAGE}`,
  scanCells: `SELECT ${COLUMNS} FROM points p WHERE ${IN_CELLS} AND ${PAGE}`,
  scanCellsTags: `SELECT ${COLUMNS} FROM points p WHERE ${IN_CELLS} AND ${HAS_TAG} AND ${PAGE}`,
  dropDocument: `DELETE FROM points WHERE partition = ? AND document = ?
    AND id NOT IN (SELECT unhex(value) FROM json_each(?))`,
} as const;

type Statements = Readonly<Record<keyof typeof STATEMENTS, StatementSync>>;

/**
 * The embedded store: one SQLite file (with its write-ahead log beside it while open) that holds sealed records under
 * keyed names and nothing else. `:memory:` keeps it in memory.
 * @throws CloisterError `ERR_RETRIEVER_STORE_OPEN`, `ERR_RETRIEVER_STORE_CORRUPT`; later calls throw
 *   `ERR_RETRIEVER_STORE_FAILED` and `ERR_RETRIEVER_STORE_CLOSED`
 */
export function sqliteStore(path: string): VectorStore {
  const database = openDatabase(path);
  const statements = prepare(database);
  const guard = <Result>(work: () => Result): Result => {
    if (!database.isOpen) throw retrieverError('ERR_RETRIEVER_STORE_CLOSED');
    try {
      return work();
    } catch (error) {
      throw retrieverError('ERR_RETRIEVER_STORE_FAILED', { detail: { sqlite: resultCode(error) } });
    }
  };
  return {
    put: async (points) => guard(() => transact(database, () => putPoints(statements, points))),
    get: async (partition, ids) =>
      guard(() => statements.get.all(fromHex(partition), JSON.stringify(ids)).map(toPoint)),
    scan: (query) => scanParts(query, (part, after) => guard(() => readPage(statements, part, after))),
    deleteDocument: async (partition, document, keep = []) =>
      guard(() => transact(database, () => dropDocument(statements, partition, document, JSON.stringify(keep)))),
    async close() {
      if (database.isOpen) database.close();
    },
  };
}

function prepare(database: DatabaseSync): Statements {
  const entries = Object.entries(STATEMENTS).map(([name, text]) => [name, database.prepare(text)]);
  return Object.fromEntries(entries) as Statements;
}

/** All or nothing. The work is synchronous, so nothing else of this process can come between. */
function transact<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

type Name = Uint8Array;

function putPoints(statements: Statements, points: readonly StoredPoint[]): number {
  for (const { partition, id, document, tags, cell, head, payload, vector } of points) {
    const names = [partition, id, document, tags.join('')].map(fromHex) as [Name, Name, Name, Name];
    statements.put.run(...names, cell === undefined ? null : fromHex(cell), head, payload, vector);
  }
  return points.length;
}

function dropDocument(statements: Statements, partition: string, document: string, keep: string): number {
  return Number(statements.dropDocument.run(fromHex(partition), fromHex(document), keep).changes);
}

function readPage(statements: Statements, query: StoreQuery, after: string): readonly StoredPoint[] {
  const { partition, tags, cells } = query;
  const lists = [cells, tags].filter((list) => list !== undefined).map((list) => JSON.stringify(list));
  const statement = cells === undefined ? (['scan', 'scanTags'] as const) : (['scanCells', 'scanCellsTags'] as const);
  return statements[statement[tags === undefined ? 0 : 1]]
    .all(...lists, fromHex(partition), fromHex(after))
    .map(toPoint);
}

async function* scanParts(
  query: StoreQuery,
  read: (part: StoreQuery, after: string) => readonly StoredPoint[],
): AsyncGenerator<readonly StoredPoint[]> {
  const { cells } = query;
  if (cells === undefined) yield* scanPages((after) => read(query, after));
  for (let start = 0; start < (cells?.length ?? 0); start += CELLS) {
    const part = { ...query, cells: cells?.slice(start, start + CELLS) ?? [] };
    yield* scanPages((after) => read(part, after));
  }
}

async function* scanPages(read: (after: string) => readonly StoredPoint[]): AsyncGenerator<readonly StoredPoint[]> {
  let after = '';
  for (;;) {
    const page = read(after);
    const last = page.at(-1)?.id;
    if (last === undefined || last <= after) return;
    yield page;
    after = last;
  }
}

/** Whatever somebody wrote into the file comes out as a point that the retriever can refuse, never as an exception. */
function toPoint(row: Record<string, SQLOutputValue>): StoredPoint {
  const bytes = (name: string): Uint8Array => (row[name] instanceof Uint8Array ? row[name] : new Uint8Array(0));
  const text = (name: string): string => toHex(bytes(name));
  return {
    id: text('id'),
    partition: text('partition'),
    document: text('document'),
    tags: text('tags').match(/.{1,32}/g) ?? [],
    head: bytes('head'),
    payload: bytes('payload'),
    vector: bytes('vector'),
  };
}
