import type { Embedder } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { enter, newStore, notes } from '../test/world.ts';
import { createRetriever, embedQuestion, hashingEmbedder } from './index.ts';
import type { RetrieverOptions } from './index.ts';

const embedder = hashingEmbedder();
const tenant = await enter();

describe('createRetriever', () => {
  it('finds what it ingested', async () => {
    const retriever = createRetriever({ store: newStore(), embedder });
    const receipt = await retriever.ingest(tenant, notes);
    expect(receipt).toMatchObject({ documents: 5, added: 5, skipped: 0, chunks: 5, chunksWritten: 5 });
    const { chunks, report } = await retriever.search(tenant, 'Who takes metoprolol?', { limit: 2 });
    expect(chunks).toHaveLength(2);
    expect(chunks[0]).toMatchObject({ document: 'note-1', chunk: 0, text: notes[0]?.text, label: 'restricted' });
    expect(report).toMatchObject({ scanned: 5, refusedByAcl: 0, refusedByStore: {}, rollback: 'not detected' });
  });

  it('ranks exactly: every score is the cosine, best first', async () => {
    const retriever = createRetriever({ store: newStore(), embedder });
    await retriever.ingest(tenant, notes);
    const [query, ...vectors] = await embedder.embed(['headaches in May', ...notes.map(({ text }) => text)]);
    const cosines = vectors.map((vector) =>
      vector.reduce((sum, value, index) => sum + value * (query?.[index] ?? 0), 0),
    );
    const { chunks } = await retriever.search(tenant, 'headaches in May', { limit: 5 });
    expect(chunks.map(({ score }) => score.toFixed(5))).toEqual(
      cosines.toSorted((left, right) => right - left).map((score) => score.toFixed(5)),
    );
  });

  it('reads only the texts of the best once the vectors are open', async () => {
    const retriever = createRetriever({ store: newStore(), embedder });
    await retriever.ingest(tenant, notes);
    const first = await retriever.search(tenant, 'wrist', { limit: 1 });
    const second = await retriever.search(tenant, 'wrist', { limit: 1 });
    expect(second.chunks).toEqual(first.chunks);
    expect(second.report.bytes).toBeLessThan(first.report.bytes / 2);
  });

  it('leaves records of another embedder aside and says how many, until they are ingested again', async () => {
    const store = newStore();
    await createRetriever({ store, embedder }).ingest(tenant, notes);
    const other: Embedder = { ...hashingEmbedder(), id: 'other-model' };
    const retriever = createRetriever({ store, embedder: other });
    const { chunks, report } = await retriever.search(tenant, 'wrist');
    expect(chunks).toEqual([]);
    expect(report).toMatchObject({ otherEmbedder: 5, refusedByStore: {} });
    expect(await retriever.ingest(tenant, notes)).toMatchObject({ replaced: 5 });
    expect((await retriever.search(tenant, 'wrist')).chunks[0]?.document).toBe('note-2');
  });

  it('gives nobody without groups anything, and does not read the store for it', async () => {
    const retriever = createRetriever({ store: newStore(), embedder });
    await retriever.ingest(tenant, notes);
    const { chunks, report } = await retriever.search(await enter({ groups: [] }), 'wrist');
    expect(chunks).toEqual([]);
    expect(report).toMatchObject({ scanned: 0, bytes: 0 });
  });

  it('obeys the signal', async () => {
    const retriever = createRetriever({ store: newStore(), embedder });
    await retriever.ingest(tenant, notes);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(retriever.search(tenant, 'wrist', { signal })).rejects.toThrow('enough');
  });

  it('does nothing once closed', async () => {
    const retriever = createRetriever({ store: newStore(), embedder });
    await retriever.close();
    await retriever.close();
    await expect(retriever.search(tenant, 'wrist')).rejects.toMatchObject({ code: 'ERR_RETRIEVER_CLOSED' });
    await expect(retriever.ingest(tenant, notes)).rejects.toMatchObject({ code: 'ERR_RETRIEVER_CLOSED' });
  });

  it.each<[string, object, string]>([
    ['an unknown option', { filter: {} }, 'OPTIONS'],
    ['an empty collection', { collection: '' }, 'OPTIONS'],
    ['a long collection', { collection: 'ü'.repeat(129) }, 'OPTIONS'],
    ['a mode that does not exist yet', { mode: 'prefix' }, 'MODE_UNSUPPORTED'],
    ['another reaction', { onTampered: 'ignore' }, 'OPTIONS'],
    ['no memory', { maxArenaBytes: 0 }, 'OPTIONS'],
    ['an embedder without length', { embedder: { ...embedder, dimensions: 0 } }, 'OPTIONS'],
  ])('refuses %s', (_name, options, code) => {
    const create = (): unknown => createRetriever({ store: newStore(), embedder, ...options } as RetrieverOptions);
    expect(create).toThrow(expect.objectContaining({ code: `ERR_RETRIEVER_${code}` }));
  });

  it.each([0, 1001, 1.5, Number.NaN])('refuses a limit of %d', async (limit) => {
    const refused = createRetriever({ store: newStore(), embedder }).search(tenant, 'wrist', { limit });
    await expect(refused).rejects.toMatchObject({ code: 'ERR_RETRIEVER_OPTIONS', subject: 'limit' });
  });

  it('takes the vector of a question that was embedded before, if it is one', async () => {
    const embedded: string[] = [];
    const spy: Embedder = { ...embedder, embed: (texts) => (embedded.push(...texts), embedder.embed(texts)) };
    const retriever = createRetriever({ store: newStore(), embedder: spy });
    await retriever.ingest(tenant, notes);
    const found = await retriever.search(tenant, 'a broken wrist');
    const vector = await embedQuestion(embedder, 'a broken wrist');
    embedded.length = 0;
    expect((await retriever.search(tenant, 'a broken wrist', { vector })).chunks).toEqual(found.chunks);
    expect(embedded).toEqual([]);
    for (const bad of [vector.subarray(1), vector.with(0, Number.NaN), Array.from(vector), 'x']) {
      const refused = retriever.search(tenant, 'a broken wrist', { vector: bad as Float32Array });
      await expect(refused).rejects.toMatchObject({ code: 'ERR_RETRIEVER_EMBEDDER' });
    }
    await expect(embedQuestion(embedder, '\ud800')).rejects.toMatchObject({ code: 'ERR_RETRIEVER_QUESTION' });
  });

  it.each(['\ud800', 'x'.repeat(32_769), 7 as unknown as string])(
    'refuses a question that is no usable text',
    async (question) => {
      const refused = createRetriever({ store: newStore(), embedder }).search(tenant, question);
      await expect(refused).rejects.toMatchObject({ code: 'ERR_RETRIEVER_QUESTION' });
    },
  );
});
