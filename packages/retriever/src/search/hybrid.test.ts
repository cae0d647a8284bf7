import { describe, expect, it } from 'vitest';
import { enter, newStore, note, notes } from '../../test/world.ts';
import { createRetriever, hashingEmbedder } from '../index.ts';

const embedder = hashingEmbedder();

/** An embedder that finds nothing, so that only words can. */
const blind = {
  id: 'blind',
  dimensions: 4,
  embed: async (texts: readonly string[]) => texts.map(() => Float32Array.of(1, 0, 0, 0)),
};

describe('the hybrid ranking', () => {
  it('finds by words what vectors cannot, and the dense ranking does not (control)', async () => {
    const tenant = await enter();
    const store = newStore();
    await createRetriever({ store, embedder: blind }).ingest(tenant, notes);
    const hybrid = createRetriever({ store, embedder: blind, ranking: 'hybrid' });
    const first = async (question: string, retriever = hybrid): Promise<string | undefined> =>
      (await retriever.search(tenant, question, { limit: 1 })).chunks[0]?.document;
    const questions = ['metoprolol', 'wrist', 'blurred vision', 'physiotherapy', 'measles'];
    expect(await Promise.all(questions.map((question) => first(question)))).toEqual(notes.map(({ id }) => id));
    const dense = createRetriever({ store, embedder: blind });
    expect(new Set(await Promise.all(questions.map((question) => first(question, dense)))).size).toBe(1);
  });

  it('is not moved by documents that the caller may not see', async () => {
    const store = newStore();
    const [reader, all] = [await enter(), await enter({ groups: ['cardiology', 'oncology'] })];
    const retriever = createRetriever({ store, embedder, ranking: 'hybrid' });
    await retriever.ingest(all, notes);
    const before = await retriever.search(reader, 'metoprolol after a heart attack');
    const hidden = Array.from({ length: 30 }, (_, index) =>
      note(`hidden-${index}`, `Metoprolol and heart attack, case ${index}.`, { acl: ['oncology'] }),
    );
    await retriever.ingest(all, hidden);
    const everything = await retriever.search(all, 'metoprolol after a heart attack', { limit: 40 });
    expect(everything.chunks.filter(({ document }) => document.startsWith('hidden'))).toHaveLength(30);
    const after = await retriever.search(reader, 'metoprolol after a heart attack');
    expect(after.chunks).toEqual(before.chunks);
  });

  it('sees changed and removed texts with the next search', async () => {
    const tenant = await enter();
    const store = newStore();
    const [reader, writer] = [1, 2].map(() => createRetriever({ store, embedder: blind, ranking: 'hybrid' }));
    const first = async (): Promise<string | undefined> =>
      (await reader?.search(tenant, 'wrist', { limit: 1 }))?.chunks[0]?.text;
    await writer?.ingest(tenant, notes);
    expect(await first()).toContain('left wrist');
    await writer?.ingest(tenant, [
      note('note-2', 'Nothing is broken.'),
      note('note-5', 'The right wrist of the baby.'),
    ]);
    expect(await first()).toBe('The right wrist of the baby.');
    await writer?.remove(tenant, ['note-5']);
    expect(await first()).not.toContain('wrist');
  });

  it('keeps words within the bound of memory', async () => {
    const retriever = createRetriever({ store: newStore(), embedder: blind, ranking: 'hybrid', maxArenaBytes: 4096 });
    const tenant = await enter();
    const words = Array.from({ length: 200 }, (_, index) => `word${index}`).join(' ');
    await retriever.ingest(tenant, [note('long', words)]);
    await expect(retriever.search(tenant, 'word7')).rejects.toMatchObject({ code: 'ERR_RETRIEVER_TOO_LARGE' });
  });

  it('refuses what is no ranking and no language', () => {
    const create = (options: object): unknown => createRetriever({ store: newStore(), embedder, ...options });
    expect(() => create({ ranking: 'lexical' })).toThrow(expect.objectContaining({ subject: 'ranking' }));
    expect(() => create({ language: 'no language' })).toThrow(expect.objectContaining({ subject: 'language' }));
  });
});
