import { readFileSync, statSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StoredPoint } from '@cloister/core';
import { utf8 } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { describeStore } from '../../test/describe-store.ts';
import { enter, newFile, newStore, note, notes } from '../../test/world.ts';
import { createRetriever, hashingEmbedder } from '../index.ts';
import { sqliteStore } from './sqlite-store.ts';

const embedder = hashingEmbedder();
const name = (digit: string): string => digit.repeat(32);
const [A, B] = [name('a'), name('b')] as const;

function point(id: string, changes: Partial<StoredPoint> = {}): StoredPoint {
  const sealed = { head: utf8(`head ${id}`), payload: utf8(`payload ${id}`), vector: utf8(`vector ${id}`) };
  return {
    id: id.padStart(32, '0'),
    partition: A,
    document: name('d'),
    tags: [name('1'), name('2')],
    ...sealed,
    ...changes,
  };
}

const scan = async (store: ReturnType<typeof sqliteStore>, tags?: readonly string[]): Promise<readonly StoredPoint[]> =>
  (await Array.fromAsync(store.scan({ partition: A, ...(tags === undefined ? {} : { tags }) }))).flat();

/** Points as plain data, whatever kind of byte array holds them. */
const bare = (points: readonly StoredPoint[]): unknown =>
  points.map(({ head, payload, vector, ...rest }) => ({ ...rest, bytes: [head, payload, vector].map(String) }));

describeStore('sqlite', async () => sqliteStore(newFile()));

describe('sqliteStore', () => {
  it('keeps points across openings, replaces by id, and filters by partition and tags', async () => {
    const path = newFile();
    const store = sqliteStore(path);
    const points = [point('1'), point('2', { tags: [name('3')] }), point('3', { tags: [] })];
    expect(await store.put([...points, point('4', { partition: B })])).toBe(4);
    expect(await store.put([point('1', { payload: utf8('new'), tags: [name('3')] })])).toBe(1);
    await store.close();
    const again = newStore(path);
    const expected = [point('1', { payload: utf8('new'), tags: [name('3')] }), ...points.slice(1)];
    expect(bare(await scan(again))).toEqual(bare(expected));
    expect(bare(await scan(again, [name('3'), name('9')]))).toEqual(bare(expected.slice(0, 2)));
    expect(await scan(again, [name('1')])).toEqual([]);
    expect(await scan(again, [])).toEqual([]);
    expect(bare(await again.get(A, [point('3').id, point('4').id, name('f')]))).toEqual(bare(expected.slice(2)));
  });

  it('streams more than a batch, each point once', async () => {
    const store = newStore();
    const points = Array.from({ length: 1000 }, (_, index) => point(String(index)));
    await store.put(points);
    const batches = await Array.fromAsync(store.scan({ partition: A, tags: [name('1'), name('2')] }));
    expect(batches.length).toBeGreaterThan(2);
    expect(new Set(batches.flat().map(({ id }) => id)).size).toBe(1000);
    expect(batches.flat()).toHaveLength(1000);
  });

  it('removes a document of one partition', async () => {
    const store = newStore();
    await store.put([point('1'), point('2'), point('3', { document: name('e') }), point('4', { partition: B })]);
    expect(await store.deleteDocument(A, name('d'))).toBe(2);
    expect(await store.deleteDocument(A, name('d'))).toBe(0);
    expect((await scan(store, [name('1')])).map(({ id }) => id)).toEqual([point('3').id]);
    expect(await store.get(B, [point('4').id])).toHaveLength(1);
  });

  it('writes all points of a call or none', async () => {
    const store = newStore();
    const bad = { ...point('2'), payload: null } as unknown as StoredPoint;
    await expect(store.put([point('1'), bad])).rejects.toMatchObject({ code: 'ERR_RETRIEVER_STORE_FAILED' });
    expect(await scan(store)).toEqual([]);
    expect(await store.put([point('1')])).toBe(1);
  });

  it('can be read and written through two handles', async () => {
    const path = newFile();
    const [one, two] = [newStore(path), newStore(path)];
    await one.put([point('1')]);
    await two.put([point('2')]);
    expect(await scan(one)).toHaveLength(2);
  });

  it('refuses a closed store, a missing folder, and files that are something else', async () => {
    const store = sqliteStore(newFile());
    await store.close();
    await store.close();
    await expect(store.put([])).rejects.toMatchObject({ code: 'ERR_RETRIEVER_STORE_CLOSED' });
    await expect(scan(store)).rejects.toMatchObject({ code: 'ERR_RETRIEVER_STORE_CLOSED' });
    const open = (path: string) => (): unknown => sqliteStore(path);
    const failure = (code: string): unknown => expect.objectContaining({ code });
    expect(open(join(newFile(), 'missing', 'x.db'))).toThrow(failure('ERR_RETRIEVER_STORE_OPEN'));
    const text = newFile();
    writeFileSync(text, 'no database, but a long enough text to be looked at'.repeat(100));
    expect(open(text)).toThrow(failure('ERR_RETRIEVER_STORE_CORRUPT'));
    const other = newFile();
    const database = new DatabaseSync(other);
    database.exec('CREATE TABLE somebody (elses TEXT)');
    database.close();
    expect(open(other)).toThrow(failure('ERR_RETRIEVER_STORE_OPEN'));
  });

  it('refuses a damaged file when it is opened', async () => {
    const path = newFile();
    const store = sqliteStore(path);
    await store.put(Array.from({ length: 300 }, (_, index) => point(String(index))));
    await store.close();
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 8192, 16_384);
    writeFileSync(path, bytes);
    expect(() => sqliteStore(path)).toThrow(expect.objectContaining({ code: 'ERR_RETRIEVER_STORE_CORRUPT' }));
  });

  it('is one file of mode 0600 once closed', async () => {
    const path = newFile();
    const store = sqliteStore(path);
    await store.put([point('1')]);
    expect(statSync(`${path}-wal`).mode & 0o777).toBe(0o600);
    await store.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect([existsSync(`${path}-wal`), existsSync(`${path}-shm`)]).toEqual([false, false]);
  });

  it('overwrites what is removed', async () => {
    const path = newFile();
    const store = sqliteStore(path);
    await store.put([point('1', { payload: utf8('a payload that must go away') })]);
    await store.deleteDocument(A, name('d'));
    await store.close();
    expect(readFileSync(path).includes('payload that must')).toBe(false);
  });

  it('gives out rows that somebody edited as points that are refused, not as exceptions', async () => {
    const path = newFile();
    const tenant = await enter();
    const store = sqliteStore(path);
    await createRetriever({ store, embedder }).ingest(tenant, notes);
    await store.close();
    const database = new DatabaseSync(path);
    const ids = database
      .prepare('SELECT id FROM points ORDER BY id')
      .all()
      .map(({ id }) => id as Uint8Array);
    const edit = (assignment: string, index: number): unknown =>
      database.prepare(`UPDATE points SET ${assignment} WHERE id = ?`).run(ids[index] as Uint8Array);
    edit("tags = CAST(tags || x'0102' AS BLOB)", 0);
    edit("head = x''", 1);
    edit('payload = zeroblob(3000000)', 2);
    edit("document = x'05'", 3);
    database.close();
    const retriever = createRetriever({ store: newStore(path), embedder, onTampered: 'skip' });
    const { chunks, report } = await retriever.search(tenant, 'patient');
    expect(chunks).toHaveLength(1);
    expect(Object.values(report.refusedByStore).reduce((sum, count) => sum + count, 0)).toBe(4);
  });

  it('refuses the search when two rows are exchanged', async () => {
    const path = newFile();
    const tenant = await enter();
    const store = sqliteStore(path);
    await createRetriever({ store, embedder }).ingest(tenant, notes);
    await store.close();
    const database = new DatabaseSync(path);
    const [one, two] = database
      .prepare('SELECT id FROM points')
      .all()
      .map(({ id }) => id) as [Uint8Array, Uint8Array];
    const rename = database.prepare('UPDATE points SET id = ? WHERE id = ?');
    const free = new Uint8Array(16);
    rename.run(free, one);
    rename.run(one, two);
    rename.run(two, free);
    database.close();
    const refused = createRetriever({ store: newStore(path), embedder }).search(tenant, 'metoprolol');
    await expect(refused).rejects.toMatchObject({ code: 'ERR_RETRIEVER_TAMPERED', detail: { tampered: 2 } });
  });
});

/** Every run of `size` bytes of `needle`, stepping over half of it. */
function windows(needle: Uint8Array, size: number): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let start = 0; start + size <= needle.length; start += size / 2)
    found.push(Buffer.from(needle.subarray(start, start + size)));
  return found;
}

describe('what the database file tells', () => {
  const secret = note('patient-file-0815', 'Mrs Alvarez of Wintergasse takes metoprolol.', {
    acl: ['cardiology-ward'],
  });
  const inRecords = [secret.id, secret.text, 'cardiology-ward', 'restricted', 'hashing-384'];
  const needles = async (texts: readonly string[]): Promise<readonly Buffer[]> => {
    const [vector] = await embedder.embed([secret.text]);
    const vectorBytes = new Uint8Array(vector?.slice().buffer ?? []);
    // Runs of zeros occur in any file, so only windows of the vector with something in them count.
    const informative = windows(vectorBytes, 12).filter((window) => window.filter((byte) => byte !== 0).length > 6);
    return [...texts.flatMap((text) => windows(utf8(text), text.length < 12 ? 6 : 12)), ...informative];
  };
  const write = async (mode: 'sealed' | 'plain'): Promise<Buffer> => {
    const path = newFile();
    const store = sqliteStore(path);
    const tenant = await enter({ groups: ['cardiology-ward'] });
    await createRetriever({ store, embedder, collection: 'notes-of-ward', mode }).ingest(tenant, [secret]);
    await store.close();
    return readFileSync(path);
  };

  it('is no text, name, id, label or vector', async () => {
    const file = await write('sealed');
    const found = (await needles([...inRecords, 'st-mary', 'notes-of-ward'])).filter((needle) => file.includes(needle));
    expect(found).toEqual([]);
  });

  it('is everything in the mode plain (control)', async () => {
    const file = await write('plain');
    expect((await needles(inRecords)).filter((needle) => !file.includes(needle))).toEqual([]);
  });
});
