import { join } from 'node:path';
import { createRetriever, hashingEmbedder } from '@cloister/retriever';
import { sqliteStore } from '@cloister/retriever/sqlite';
import { describe, expect, it } from 'vitest';
import { createClearSearch } from './clear-search.ts';
import { corpora, documentsOf, loadCranfield, ndcgAt10, remember } from './cranfield.ts';
import { asDocuments, createSealedWorld } from './sealed-world.ts';

describe.skipIf(corpora === undefined)('hybrid search of Cranfield', () => {
  it('has the nDCG@10 of the same search in clear to three decimals', { timeout: 180_000 }, async () => {
    await using world = createSealedWorld();
    const collection = loadCranfield();
    const hashing = hashingEmbedder();
    const embedder = remember(hashing);
    const clear = await createClearSearch(collection, embedder, await hashing.tokenizer());
    const store = sqliteStore(join(world.directory, 'rag.db'));
    const tenant = await world.enter('one');
    const sealed = createRetriever({ store, embedder: { ...hashing, ...embedder }, ranking: 'hybrid' });
    await sealed.ingest(tenant, asDocuments(collection));
    const means = [0, 0, 0];
    for (const { text, relevant } of collection.questions) {
      const { chunks } = await sealed.search(tenant, text, { limit: 50 });
      for (const [index, found] of [chunks, await clear.hybrid(text), await clear.dense(text)].entries()) {
        const score = ndcgAt10(documentsOf(found), relevant) / collection.questions.length;
        means[index] = (means[index] as number) + score;
      }
    }
    const [hybrid = 0, inClear = 0, dense = 0] = means;
    expect(hybrid.toFixed(3)).toBe(inClear.toFixed(3));
    // The control: the two rankings together are another search than one of them alone, and a better one.
    expect(hybrid).toBeGreaterThan(dense + 0.01);
    await sealed.close();
    await store.close();
  });
});
