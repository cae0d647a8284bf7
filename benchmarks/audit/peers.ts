import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import pino from 'pino';

/** A log of somebody else; an event is durable when `store` returns. */
export interface EventStore {
  store(event: string): void;
  close(): void;
}

const cell = new Int32Array(new SharedArrayBuffer(4));

/** These peers sync on the calling thread, so a slower sync stops it. */
function stall(milliseconds: number): void {
  if (milliseconds > 0) Atomics.wait(cell, 0, 0, milliseconds);
}

/** Rows of sqlite, each with the SHA-256 over the one before and its own text: WAL, FULL, one row a transaction. */
export function openHashChain(path: string, delay: number): EventStore {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE log (event TEXT, hash BLOB)');
  const insert = database.prepare('INSERT INTO log VALUES (?, ?)');
  let previous: Uint8Array = new Uint8Array(32);
  return {
    store(event) {
      previous = createHash('sha256').update(previous).update(event).digest();
      insert.run(event, previous);
      stall(delay);
    },
    close: () => database.close(),
  };
}

/** Lines of pino, each with an fsync. */
export function openPino(path: string, delay: number): EventStore {
  const destination = pino.destination({ dest: path, sync: true, fsync: true });
  const logger = pino({}, destination);
  return {
    store(event) {
      logger.info({ event });
      stall(delay);
    },
    close: () => destination.end(),
  };
}
