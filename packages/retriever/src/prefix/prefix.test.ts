import type { NearestQuery, StoredPoint, VectorStore } from '@cloister/core';
import { startQdrantStandIn } from '@cloister/simulator/qdrant';
import { afterAll, describe, expect, it } from 'vitest';
import { findProblem } from '../../test/openapi.ts';
import { enter, newLedger, newStore, note, notes, tenancy } from '../../test/world.ts';
import { createRetriever, fitPrefixBasis, hashingEmbedder } from '../index.ts';
import type { Retriever, RetrieverOptions } from '../index.ts';
import { qdrantStore } from '../qdrant/index.ts';
import { deriveCollectionKeys } from '../record/record-keys.ts';
import { PREFIX } from './fit-prefix-basis.ts';
import { createPrefixCipher } from './prefix-cipher.ts';

const server = await startQdrantStandIn();
afterAll(() => server.close());
const embedder = hashingEmbedder();
const words = ['heart', 'wrist', 'dose', 'cast', 'vision', 'nurse', 'measles', 'monday', 'ice', 'baby', 'blood'];
const texts = Array.from({ length: 200 }, (_, index) =>
  [1, 3, 7, 11].map((step) => words[(index * step + (index >> 2)) % words.length]).join(' '),
);
const sample = await embedder.embed([...texts, ...notes.map(({ text }) => text)]);
const basis = fitPrefixBasis(sample);
const distance = (left: Float32Array, right: Float32Array): number =>
  Math.hypot(...left.map((value, index) => value - (right[index] as number)));

let stores = 0;
const newQdrant = (): VectorStore => {
  const store = qdrantStore({ url: server.url, collection: `prefix-${stores++}`, prefixes: true });
  afterAll(() => store.close());
  return store;
};

function retrieverOver(store: VectorStore, options: Partial<RetrieverOptions> = {}): Retriever {
  return createRetriever({ store, embedder, mode: 'prefix', prefixBasis: basis, ...options });
}

const first = async (retriever: Retriever, question: string): Promise<string | undefined> =>
  (await retriever.search(await enter(), question, { limit: 1 })).chunks[0]?.document;

describe('fitPrefixBasis', () => {
  it('finds orthonormal directions, the same ones every time, and loses little of a sample', () => {
    const { mean, axes } = basis;
    const axis = (index: number): Float32Array => axes.subarray(index * mean.length, (index + 1) * mean.length);
    const dot = (left: Float32Array, right: Float32Array): number =>
      left.reduce((sum, value, index) => sum + value * (right[index] as number), 0);
    for (const [left, right] of [
      [0, 0],
      [0, 1],
      [5, 7],
      [8, 8],
    ] as const) {
      expect(dot(axis(left), axis(right))).toBeCloseTo(left === right ? 1 : 0, 4);
    }
    expect(fitPrefixBasis(sample).axes.every((value, index) => value === axes[index])).toBe(true);
    const centred = sample.map((vector) => vector.map((value, index) => value - (mean[index] as number)));
    const all = centred.reduce((sum, vector) => sum + dot(vector, vector), 0);
    const kept = Array.from({ length: PREFIX }, (_, index) =>
      centred.reduce((sum, vector) => sum + dot(vector, axis(index)) ** 2, 0),
    );
    expect(kept.reduce((sum, value) => sum + value, 0) / all).toBeGreaterThan(0.9);
  });

  it('refuses an empty sample and one of several lengths, and makes do with a small one', () => {
    for (const bad of [[], [new Float32Array(0)], [...sample, new Float32Array(3)]]) {
      expect(() => fitPrefixBasis(bad)).toThrow(expect.objectContaining({ code: 'ERR_RETRIEVER_OPTIONS' }));
    }
  });
});

describe('createPrefixCipher', () => {
  it('keeps distances about, draws noise once a version, and shares nothing between tenants', async () => {
    const keys = await deriveCollectionKeys(await enter(), 'notes', 'prefix');
    const other = await deriveCollectionKeys(await enter({ tenant: 'st-john' }), 'notes', 'prefix');
    const [cipher, foreign] = [createPrefixCipher(keys, basis), createPrefixCipher(other, basis)];
    const [a, b] = [sample[0], sample[7]] as [Float32Array, Float32Array];
    const one = cipher.ofRecord(a, 'p', 1);
    expect(createPrefixCipher(keys, basis).ofRecord(a, 'p', 1)).toEqual(one);
    for (const again of [cipher.ofRecord(a, 'p', 2), cipher.ofRecord(a, 'q', 1)]) {
      expect(distance(one, again)).toBeGreaterThan(0.02);
      expect(distance(one, again)).toBeLessThan(0.21);
    }
    // The distance of a record from a question is theirs, but for the noise and the angle of what the prefix leaves out.
    expect(Math.abs(distance(one, cipher.ofQuestion(b)) - distance(a, b))).toBeLessThan(0.3);
    expect(distance(one, cipher.ofQuestion(a))).toBeLessThan(distance(one, cipher.ofQuestion(b)));
    expect(distance(cipher.ofQuestion(a), foreign.ofQuestion(a))).toBeGreaterThan(0.5);
  });
});

describe('the mode prefix', () => {
  it('finds, with correct requests, also after changes of text, access and keys', async () => {
    const start = server.requests.length;
    const tenant = await enter();
    const retriever = retrieverOver(newQdrant(), { ledger: newLedger() });
    await retriever.ingest(tenant, notes);
    expect(await first(retriever, 'Who takes metoprolol?')).toBe('note-1');
    await retriever.ingest(tenant, [note('note-2', 'Blurred vision and headaches, too.')]);
    await retriever.relabel(tenant, [{ id: 'note-3', label: 'restricted', acl: ['nursing'] }]);
    expect(await first(retriever, 'blurred vision and headaches')).toBe('note-2');
    await tenancy.rotate(tenant);
    await retriever.rotate(await enter());
    expect(await first(retriever, 'Who takes metoprolol?')).toBe('note-1');
    await retriever.remove(tenant, ['note-1']);
    expect(await first(retriever, 'Who takes metoprolol?')).not.toBe('note-1');
    const { chunks, report } = await retriever.search(tenant, 'patient', { limit: 10 });
    expect(chunks).toHaveLength(3);
    expect(report).toMatchObject({ scanned: 3, refusedByStore: {}, rollback: 'checked' });
    expect(server.requests.slice(start).map(findProblem).filter(Boolean)).toEqual([]);
  });

  it('returns nothing foreign, whatever the store calls near', async () => {
    const store = newQdrant();
    const [own, other] = [await enter(), await enter({ tenant: 'st-john' })];
    await retrieverOver(store).ingest(own, notes);
    await retrieverOver(store).ingest(other, [note('secret', 'St John: metoprolol and a heart attack.')]);
    const seen: StoredPoint[] = [];
    const watching = lying(store, (points) => (seen.push(...points), points));
    await retrieverOver(watching).search(other, 'metoprolol');
    const foreign = lying(store, (points) => [...points, ...seen]);
    const { chunks, report } = await retrieverOver(foreign, { onTampered: 'skip' }).search(own, 'metoprolol', {
      limit: 9,
    });
    expect(chunks.map(({ document }) => document).toSorted()).toEqual(notes.map(({ id }) => id));
    expect(report.refusedByStore).toEqual({ ERR_RETRIEVER_RECORD_FOREIGN: 1 });
    await expect(retrieverOver(foreign).search(own, 'metoprolol')).rejects.toMatchObject({
      code: 'ERR_RETRIEVER_TAMPERED',
    });
  });

  it('needs a basis, and a store that keeps prefixes', () => {
    const code = (value: string): unknown => expect.objectContaining({ code: value });
    expect(() => retrieverOver(newStore())).toThrow(code('ERR_RETRIEVER_MODE_UNSUPPORTED'));
    const store = newQdrant();
    expect(() => createRetriever({ store, embedder, mode: 'prefix' })).toThrow(code('ERR_RETRIEVER_OPTIONS'));
    expect(() => createRetriever({ store, embedder, prefixBasis: basis })).toThrow(code('ERR_RETRIEVER_OPTIONS'));
    expect(() => retrieverOver(store, { ranking: 'hybrid' })).toThrow(code('ERR_RETRIEVER_OPTIONS'));
  });
});

/** A store that answers to a search by prefixes with something else. */
function lying(store: VectorStore, lie: (points: readonly StoredPoint[]) => readonly StoredPoint[]): VectorStore {
  return { ...store, nearest: async (query: NearestQuery) => lie((await store.nearest?.(query)) ?? []) };
}
