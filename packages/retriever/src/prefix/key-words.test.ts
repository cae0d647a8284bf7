import { startQdrantStandIn } from '@cloister/simulator/qdrant';
import { afterAll, describe, expect, it } from 'vitest';
import { findProblem } from '../../test/openapi.ts';
import { enter, newStore, note, notes } from '../../test/world.ts';
import { createRetriever, fitPrefixBasis, hashingEmbedder } from '../index.ts';
import type { Retriever, RetrieverOptions } from '../index.ts';
import { createTermSplitter } from '../lexical/split-terms.ts';
import { qdrantStore } from '../qdrant/index.ts';
import { deriveCollectionKeys } from '../record/record-keys.ts';
import { createWordKeyer } from './key-words.ts';

const server = await startQdrantStandIn();
afterAll(() => server.close());
const hashing = hashingEmbedder();
/** Finds nothing by meaning: what is found, is found by words. */
const embedder = { ...hashing, embed: async (texts: readonly string[]) => hashing.embed(texts.map(() => 'the same')) };
const prefixBasis = fitPrefixBasis(await hashing.embed(notes.map(({ text }) => text)));

function over(collection: string, options: Partial<RetrieverOptions> = {}): Retriever {
  const store = qdrantStore({ url: server.url, collection, prefixes: true, keyedWordsThatLeakFrequencies: true });
  const words = { ranking: 'hybrid', keyedWordsThatLeakFrequencies: true } as const;
  return createRetriever({ store, embedder, mode: 'prefix', prefixBasis, ...words, ...options });
}

describe('keyed words', () => {
  it('are equal for equal words of a collection and for nothing else, and count as in BM25', async () => {
    const split = createTermSplitter('en');
    const [own, other] = await Promise.all(
      [{}, { tenant: 'st-john' }].map(async (claims) => deriveCollectionKeys(await enter(claims), 'notes')),
    );
    const keyer = createWordKeyer(own as NonNullable<typeof own>, split);
    const { indices, values } = keyer.ofText('Dose, dose and the dose of May');
    expect(indices).toHaveLength(5);
    expect(indices).toEqual(indices.toSorted((left, right) => left - right));
    const [dose] = keyer.ofQuestion('DOSE').indices;
    expect(Math.max(...values)).toBe(values[indices.indexOf(dose ?? -1)]);
    expect(values.filter((value) => value === Math.min(...values))).toHaveLength(4);
    const foreign = createWordKeyer(other as NonNullable<typeof other>, split).ofText('Dose, dose and the dose of May');
    expect(indices.filter((index) => foreign.indices.includes(index))).toEqual([]);
  });

  it(
    'find beyond the candidates that are near, with correct requests that hold no word',
    { timeout: 180_000 },
    async () => {
      const start = server.requests.length;
      const tenant = await enter();
      const many = Array.from({ length: 150 }, (_, index) =>
        note(`filler-${index}`, `Nothing of interest on day ${index}.`),
      );
      const retriever = over('words');
      await retriever.ingest(tenant, [...many, ...notes]);
      const first = async (question: string): Promise<string | undefined> =>
        (await retriever.search(tenant, question, { limit: 1 })).chunks[0]?.document;
      expect(await first('metoprolol')).toBe('note-1');
      expect(await first('measles')).toBe('note-5');
      await retriever.relabel(tenant, [{ id: 'note-5', label: 'internal', acl: ['nursing'] }]);
      expect(await first('measles')).not.toBe('note-5');
      const sent = server.requests.slice(start);
      expect(sent.map(findProblem).filter(Boolean)).toEqual([]);
      const traffic = sent.map(({ body }) => body).join();
      for (const word of ['metoprolol', 'measles', 'headaches']) expect(traffic.toLowerCase()).not.toContain(word);
      // The control: equal words are equal numbers, as the name of the option says.
      const query = JSON.parse(sent.findLast(({ body }) => body.includes('"using":"words"'))?.body ?? '{}') as object;
      const [index] = (query as { query: { indices: number[] } }).query.indices;
      expect(sent.filter(({ body }) => body.includes(String(index))).length).toBeGreaterThan(1);
    },
  );

  it('are not kept unless somebody asks for them by their full name', () => {
    const store = qdrantStore({ url: server.url, prefixes: true });
    const base = { store, embedder, mode: 'prefix', prefixBasis } as const;
    expect('sharing' in store).toBe(false);
    const refused = (options: object, subject: string): void =>
      expect(() => createRetriever({ ...base, ...options })).toThrow(
        expect.objectContaining({ code: 'ERR_RETRIEVER_OPTIONS', subject }),
      );
    refused({ ranking: 'hybrid' }, 'ranking');
    refused({ keyedWordsThatLeakFrequencies: true, ranking: 'hybrid' }, 'keyedWordsThatLeakFrequencies');
    refused({ keyedWordsThatLeakFrequencies: true }, 'ranking');
    const sealed = { store: newStore(), embedder, keyedWordsThatLeakFrequencies: true };
    expect(() => createRetriever(sealed)).toThrow(
      expect.objectContaining({ subject: 'keyedWordsThatLeakFrequencies' }),
    );
    const bare = { url: server.url, keyedWordsThatLeakFrequencies: true };
    expect(() => qdrantStore(bare)).toThrow(expect.objectContaining({ subject: 'keyedWordsThatLeakFrequencies' }));
  });
});
