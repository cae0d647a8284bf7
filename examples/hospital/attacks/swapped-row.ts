import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sqliteStore } from '@cloister/retriever/sqlite';
import { codeOfRefusal, type Attack } from './attack.ts';

/** The database's operator puts the sealed text of one record into the row of another. */
export const swappedRow: Attack = async (world, question) => {
  const directory = await mkdtemp(join(tmpdir(), 'cloister-swap-'));
  try {
    const file = join(directory, 'notes.db');
    const swapped = copySwapped(world.databaseFile, file);
    const store = sqliteStore(file);
    const tenant = await world.enter('cardiologist', await world.runtime({ store }));
    const code = await codeOfRefusal(() => tenant.ask(question).result());
    await store.close();
    return {
      name: 'a database row is swapped',
      refused: swapped && code.startsWith('ERR_RETRIEVER_'),
      code,
      detail: 'the sealed text of one record put into the row of another',
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

/** Copies the database and lets the sealed texts of neighbouring rows trade places, in the rows of every tenant. */
function copySwapped(source: string, target: string): boolean {
  const original = new DatabaseSync(source, { readOnly: true });
  original.prepare('VACUUM INTO ?').run(target);
  original.close();
  const database = new DatabaseSync(target);
  try {
    const rows = database
      .prepare('SELECT partition, id, payload FROM points ORDER BY partition, id')
      .all() as unknown as Row[];
    const update = database.prepare('UPDATE points SET payload = ? WHERE partition = ? AND id = ?');
    for (const [index, row] of rows.entries()) {
      const other = rows[index ^ 1];
      if (other !== undefined) update.run(other.payload, row.partition, row.id);
    }
    return rows.length > 1;
  } finally {
    database.close();
  }
}

interface Row {
  readonly partition: string;
  readonly id: string;
  readonly payload: Uint8Array;
}
