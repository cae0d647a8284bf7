import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toBase64, utf8 } from '@cloister/core';
import type { StoredPoint, VectorStore } from '@cloister/core';
import { startQdrantStandIn } from '@cloister/simulator/qdrant';
import type { QdrantAnswer, QdrantRequest, QdrantStandIn } from '@cloister/simulator/qdrant';
import { QdrantClient } from '@qdrant/js-client-rest';
import { afterAll, describe, expect, it } from 'vitest';
import { CLIENT_METHODS } from '../../test/client-methods.ts';
import { describeStore } from '../../test/describe-store.ts';
import { findAnswerProblem, findProblem } from '../../test/openapi.ts';
import { enter, note, notes } from '../../test/world.ts';
import { createRetriever, hashingEmbedder } from '../index.ts';
import { createFilter } from './filters.ts';
import { qdrantStore } from './qdrant-store.ts';
import type { QdrantStoreOptions } from './qdrant-store.ts';
import { parseRetryAfter } from './retry-after.ts';

/** A server to run against instead of the stand-in. Its collections that start with `cloister-test-` are removed. */
const given = process.env['CLOISTER_QDRANT_URL'];
const apiKey = process.env['CLOISTER_QDRANT_API_KEY'];
const standIn = given === undefined ? await startQdrantStandIn() : undefined;
const url = given ?? (standIn as QdrantStandIn).url;
const access = { url, ...(apiKey === undefined ? {} : { apiKey }) };
const made: string[] = [];

afterAll(async () => {
  const headers: Record<string, string> = apiKey === undefined ? {} : { 'api-key': apiKey };
  for (const name of made) await fetch(new URL(`/collections/${name}`, url), { method: 'DELETE', headers });
  await standIn?.close();
});

const newName = (): string => {
  const name = `cloister-test-${Date.now()}-${made.length}`;
  made.push(name);
  return name;
};

const newQdrant = (options: Partial<QdrantStoreOptions> = {}): VectorStore =>
  qdrantStore({ ...access, collection: newName(), ...options });

describeStore(given === undefined ? 'qdrant (stand-in)' : 'qdrant (server)', async () => newQdrant());

const A = 'a'.repeat(32);
const point = (id: string, partition = A): StoredPoint => {
  const bytes = { head: utf8('head'), payload: utf8('payload'), vector: utf8('vector') };
  return { id: id.repeat(32), partition, document: 'd'.repeat(32), tags: ['e'.repeat(32)], ...bytes };
};

describe('qdrantStore', () => {
  it('does not overwrite what another partition holds under the same id', async () => {
    const store = newQdrant();
    await store.put([point('1')]);
    await store.put([point('1', 'b'.repeat(32))]);
    expect((await store.get(A, [point('1').id]))[0]?.partition).toBe(A);
    expect(await store.get('b'.repeat(32), [point('1').id])).toEqual([]);
    await store.close();
  });

  it('is opened by many at once and again, and refuses a collection that is not ours', async () => {
    const collection = newName();
    const stores = Array.from({ length: 4 }, () => qdrantStore({ ...access, collection }));
    await Promise.all(stores.map((store, index) => store.put([point(String(index))])));
    expect((await Array.fromAsync(stores[0]?.scan({ partition: A }) ?? [])).flat()).toHaveLength(4);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('finds the nearest prefixes, most shared words and whole buckets, without texts when nobody looks at them', async () => {
    const store = newQdrant({ prefixes: true, keyedWordsThatLeakFrequencies: true });
    const prefix = (at: number): Float32Array => Float32Array.from({ length: 64 }, (_, place) => Number(place === at));
    const digits = ['1', '2', '3', '4'];
    await store.put(
      digits.map((digit, at) => ({
        ...point(digit, digit === '4' ? 'b'.repeat(32) : A),
        prefix: prefix(at),
        words: { indices: [7, 100 + at], values: [1, 2] },
        cell: (at < 2 ? 'c' : 'd').repeat(32),
      })),
    );
    const ids = (points: readonly StoredPoint[] | undefined): readonly string[] =>
      points?.map(({ id }) => id[0] ?? '') ?? [];
    const query = { partition: A, tags: ['e'.repeat(32)], limit: 2, texts: false };
    const near = await store.nearest?.({ ...query, prefix: prefix(1) });
    expect([ids(near)[0], near?.length, near?.[0]?.payload.length]).toEqual(['2', 2, 0]);
    expect(ids(await store.sharing?.({ ...query, words: { indices: [102], values: [1] } }))).toEqual(['3']);
    expect(ids(await store.sharing?.({ ...query, words: { indices: [103], values: [1] } }))).toEqual([]);
    const scanned = (await Array.fromAsync(store.scan({ partition: A, cells: ['c'.repeat(32)] }))).flat();
    expect(ids(scanned).toSorted()).toEqual(['1', '2']);
    expect(scanned.every(({ payload }) => payload.length > 0)).toBe(true);
    await store.close();
  });

  it('refuses options that are out of range', () => {
    const refused = (options: object, subject: string): void =>
      expect(() => qdrantStore({ url, ...options })).toThrow(
        expect.objectContaining({ code: 'ERR_RETRIEVER_OPTIONS', subject }),
      );
    for (const bad of ['', 'ftp://x', 'http://a:b@localhost', 'http://localhost/?x=1']) refused({ url: bad }, 'url');
    for (const bad of ['..', 'a/b', '', 'x y']) refused({ collection: bad }, 'collection');
    refused({ url: 'http://qdrant.example', apiKey: 'secret' }, 'apiKey');
    refused({ replicas: 0 }, 'replicas');
    refused({ replicas: 2, writeConsistency: 3 }, 'writeConsistency');
    refused({ readConsistency: 'most' }, 'readConsistency');
    refused({ tenant: 'a' }, 'unknown option');
  });

  it('makes no filter that would let everything through', () => {
    const empty = [() => createFilter(''), () => createFilter('..'), () => createFilter(A, { tags: [] })];
    for (const make of [...empty, () => createFilter(A, { ids: [] }), () => createFilter(A, { ids: ['../x'] })]) {
      expect(make).toThrow(expect.objectContaining({ code: 'ERR_RETRIEVER_STORE_FAILED' }));
    }
    expect(createFilter(A, { tags: ['b'.repeat(32)] }).must).toHaveLength(2);
  });
});

describe.skipIf(standIn === undefined)('what is sent to Qdrant', () => {
  const server = standIn as QdrantStandIn;

  async function record(work: () => Promise<void>): Promise<readonly QdrantRequest[]> {
    const start = server.requests.length;
    await work();
    return server.requests.slice(start);
  }

  async function everything(): Promise<void> {
    const store = newQdrant({ shards: 2, replicas: 2, readConsistency: 'majority' });
    const retriever = createRetriever({ store, embedder: hashingEmbedder() });
    const tenant = await enter();
    await retriever.ingest(tenant, notes);
    await retriever.search(tenant, 'metoprolol');
    await retriever.ingest(tenant, [note('note-1', 'Another text.')]);
    await retriever.relabel(tenant, [{ id: 'note-1', label: 'public', acl: ['all'] }]);
    await retriever.remove(tenant, ['note-1']);
    await retriever.remove(tenant, ['note-2']);
    await retriever.rotate(tenant);
    await store.close();
  }

  it('asks once about all documents of a batch', async () => {
    const retriever = createRetriever({ store: newQdrant(), embedder: hashingEmbedder() });
    const many = Array.from({ length: 40 }, (_, index) => note(`note-${index}`, `Text ${index}.`));
    const count = async (work: Promise<unknown>): Promise<number> =>
      (await record(async () => void (await work))).filter(({ path }) => path.includes('/points')).length;
    await retriever.ingest(await enter(), many.slice(0, 1));
    // What is there, the records, and what is left over of each document.
    expect(await count(retriever.ingest(await enter(), many))).toBe(3);
    // Whose points are there, and away with them.
    expect(
      await count(
        retriever.remove(
          await enter(),
          many.map(({ id }) => id),
        ),
      ),
    ).toBe(2);
  });

  it('agrees with the OpenAPI document, waits for every write, and names a partition in every filter', async () => {
    const requests = await record(everything);
    expect(requests.map(findProblem).filter((problem) => problem !== undefined)).toEqual([]);
    const writes = requests.filter(({ method, path }) => method === 'PUT' && path.includes('/points'));
    const deletes = requests.filter(({ path }) => path.includes('/points/delete'));
    expect(writes.length > 2 && deletes.length > 1).toBe(true);
    for (const { path } of [...writes, ...deletes]) expect(path).toContain('wait=true');
    for (const { body } of requests.filter((request) => request.path.includes('/points'))) {
      const { filter, update_filter: guard } = JSON.parse(body) as Record<string, { must?: { key?: string }[] }>;
      expect((filter ?? guard)?.must?.[0]?.key).toBe('partition');
    }
    const reads = requests.filter(({ path }) => path.includes('/scroll'));
    expect(reads.every(({ path }) => path.includes('consistency=majority'))).toBe(true);
  });

  it('has exactly the members that each kind of request needs', async () => {
    const members = new Map<string, Set<string>>();
    for (const { method, path, body } of await record(everything)) {
      const kind = `${method} ${path.replace(/\?.*|(?<=^\/collections\/)[^/]+/g, '')}`;
      const names = body === '' ? [] : Object.keys(JSON.parse(body) as object).toSorted();
      members.set(kind, (members.get(kind) ?? new Set()).add(names.join()));
    }
    const config = 'hnsw_config,replication_factor,shard_number,strict_mode_config,vectors,write_consistency_factor';
    expect(Object.fromEntries([...members].map(([kind, sets]) => [kind, [...sets].toSorted()]))).toEqual({
      'GET /readyz': [''],
      'GET /': [''],
      'GET /collections//exists': [''],
      'PUT /collections/': [config],
      'PUT /collections//index': ['field_name,field_schema'],
      'GET /collections/': [''],
      'POST /collections//points/scroll': ['filter,limit,with_payload,with_vector'],
      'PUT /collections//points': ['points,update_filter'],
      'POST /collections//points/delete': ['filter'],
    });
  });

  it('gets answers that agree with the OpenAPI document, as a real server gives them', async () => {
    const start = server.answers.length;
    await everything();
    const answers = server.answers.slice(start);
    expect(answers.length).toBeGreaterThan(10);
    expect(answers.map(findAnswerProblem).filter((problem) => problem !== undefined)).toEqual([]);
    const scroll = answers.find(({ request }) => request.path.includes('/scroll'));
    const wrong = { ...(scroll as QdrantAnswer), body: { status: 'ok', time: 0, result: { point: [] } } };
    expect(findAnswerProblem(wrong)).toBeDefined();
  });

  it('leaves sealed texts where they are until they are looked at', async () => {
    const store = newQdrant();
    const tenant = await enter();
    await createRetriever({ store, embedder: hashingEmbedder() }).ingest(tenant, notes);
    const bodies = (
      await record(async () => {
        await createRetriever({ store, embedder: hashingEmbedder() }).search(tenant, 'metoprolol', { limit: 2 });
      })
    ).map(({ body }) => JSON.parse(body) as { with_payload: unknown; limit: number });
    expect(bodies.map(({ with_payload: shown }) => shown)).toEqual([
      ['partition', 'document', 'tags', 'head', 'vector'],
      true,
    ]);
    expect(bodies[1]?.limit).toBe(2);
    await store.close();
  });

  it('waits for a server that is still loading, and tells one that stays so', async () => {
    const pauses: number[] = [];
    const pause = async (milliseconds: number): Promise<void> => void pauses.push(milliseconds);
    const loading = await startQdrantStandIn();
    loading.load(2);
    const store = qdrantStore({ url: loading.url, pause });
    expect(await store.put([point('1')])).toBe(1);
    expect(pauses).toHaveLength(2);
    loading.load(100);
    const other = qdrantStore({ url: loading.url, pause });
    const refused = { code: 'ERR_RETRIEVER_STORE_FAILED', detail: { status: 503 } };
    await expect(other.put([point('2')])).rejects.toMatchObject(refused);
    await Promise.all([store.close(), other.close(), loading.close()]);
  });

  it('is found wrong by the same check when it is (control)', async () => {
    const [scroll] = (await record(everything)).filter(({ path }) => path.includes('/scroll'));
    const changed = (change: object): string | undefined =>
      findProblem({
        ...(scroll as QdrantRequest),
        body: JSON.stringify({ ...JSON.parse(scroll?.body ?? ''), ...change }),
      });
    expect(changed({})).toBeUndefined();
    expect(changed({ fliter: {} })).toBeDefined();
    expect(changed({ limit: 0 })).toBeDefined();
    expect(changed({ filter: { must: [{ key: 'x', match: { valeu: 1 } }] } })).toBeDefined();
    expect(findProblem({ ...(scroll as QdrantRequest), path: '/collections/a/points/scroll?wiat=true' })).toBeDefined();
  });

  it('holds no text, name, id or vector, where a plain client sends them all (control)', async () => {
    const traffic = (requests: readonly QdrantRequest[]): string =>
      requests.map(({ path, body }) => path + body).join();
    const vectors = await hashingEmbedder().embed(notes.map(({ text }) => text));
    const numbers = [...(vectors[0] ?? [])].filter((value) => value > 0.05).map(String);
    const bytes = vectors.map((vector) => toBase64(new Uint8Array(vector.buffer)).slice(8, 40));
    const words = notes.flatMap(({ text }) => text.split(/\W+/).filter((word) => word.length > 5));
    const secrets = [...words, ...numbers, ...bytes, 'note-1', 'st-mary', 'cardiology', 'restricted', 'dr-jones'];
    const sealed = traffic(await record(everything));
    expect(secrets.filter((secret) => sealed.includes(secret))).toEqual([]);
    const plain = traffic(
      await record(async () => {
        const client = new QdrantClient({ url: server.url, checkCompatibility: false });
        const collection = newName();
        await client.createCollection(collection, { vectors: { size: 384, distance: 'Cosine' } });
        const points = notes.map(({ text, acl, id }, index) => {
          const payload = { text, acl, id, tenant: 'st-mary' };
          return {
            id: `${'0'.repeat(8)}-0000-0000-0000-${String(index).padStart(12, '0')}`,
            payload,
            vector: [...(vectors[index] ?? [])],
          };
        });
        await client.upsert(collection, { points });
      }),
    );
    const shown = [...words, ...numbers, 'note-1', 'st-mary', 'cardiology'];
    expect(shown.every((secret) => plain.includes(secret))).toBe(true);
  });

  it('comes again after 429, when the header says so', async () => {
    const pauses: number[] = [];
    const store = newQdrant({ pause: async (milliseconds) => void pauses.push(milliseconds) });
    await store.put([point('1')]);
    server.putOff(2, '42');
    await store.put([point('2')]);
    expect(pauses.map((pause) => Math.round(pause / 1000))).toEqual([42, 42]);
    pauses.length = 0;
    server.putOff(1);
    await store.put([point('3')]);
    server.putOff(1, '3600');
    const busy = { code: 'ERR_RETRIEVER_STORE_FAILED', detail: { status: 429 } };
    await expect(store.put([point('4')])).rejects.toMatchObject(busy);
    server.putOff(100, '0');
    await expect(store.put([point('4')])).rejects.toMatchObject(busy);
    server.putOff(0);
    expect(pauses.length).toBeLessThan(10);
    await store.close();
  });

  it('passes nothing on of what the server says, and tells an old server', async () => {
    const guarded = await startQdrantStandIn({ apiKey: 'right' });
    const wrong = qdrantStore({ url: guarded.url, apiKey: 'wrong' });
    const refusal = await wrong.put([point('1')]).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'ERR_RETRIEVER_STORE_FAILED', detail: { status: 401 } });
    expect(JSON.stringify(refusal)).not.toContain('Invalid API key');
    const right = qdrantStore({ url: guarded.url, apiKey: 'right' });
    expect(await right.put([point('1')])).toBe(1);
    await Promise.all([wrong.close(), right.close(), guarded.close()]);
    const old = await startQdrantStandIn({ version: '1.15.4' });
    const store = qdrantStore({ url: old.url });
    await expect(store.put([point('1')])).rejects.toMatchObject({ code: 'ERR_RETRIEVER_STORE_OPEN' });
    await Promise.all([store.close(), old.close()]);
    const gone = qdrantStore({ url: old.url });
    await expect(gone.put([point('1')])).rejects.toMatchObject({
      code: 'ERR_RETRIEVER_STORE_FAILED',
      detail: { status: 0 },
    });
    await gone.close();
  });
});

describe('parseRetryAfter', () => {
  it('reads seconds and dates, and nothing else', () => {
    expect(parseRetryAfter('60', 1000)).toBe(61_000);
    expect(parseRetryAfter('Sun, 06 Nov 1994 08:49:37 GMT', 0)).toBe(784_111_777_000);
    for (const bad of [undefined, '', 'soon', '-1', '1.5', '99999999999'])
      expect(parseRetryAfter(bad, 0)).toBeUndefined();
  });
});

describe('the methods of the Qdrant client', () => {
  it('are all classified: a new one fails here until somebody has looked at it', () => {
    const methods = Object.getOwnPropertyNames(QdrantClient.prototype).filter((name) => name !== 'constructor');
    expect(Object.keys(CLIENT_METHODS).toSorted()).toEqual(methods.toSorted());
  });

  it('are called only where they are meant to be', () => {
    const folder = fileURLToPath(new URL('.', import.meta.url));
    const sources = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
    const text = sources.map((name) => readFileSync(new URL(name, import.meta.url), 'utf8')).join('\n');
    const called = new Set(Array.from(text.matchAll(/\bcalls\.(\w+)\(/g), ([, method]) => method as string));
    const used = Object.entries(CLIENT_METHODS).filter(([, kind]) => kind === 'used');
    expect([...called].toSorted()).toEqual(used.map(([method]) => method).toSorted());
    expect(text.match(/new QdrantClient\(/g)).toHaveLength(1);
  });
});
