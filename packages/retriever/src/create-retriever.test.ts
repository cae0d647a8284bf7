import { describe, expect, it } from 'vitest';
import { enter, newStore, note, notes } from '../test/world.ts';
import { createRetriever, hashingEmbedder } from './index.ts';

const embedder = hashingEmbedder();

describe('createRetriever', () => {
  it('finds what it ingested', async () => {
    const retriever = createRetriever({ store: newStore(), embedder });
    const tenant = await enter();
    const receipt = await retriever.ingest(tenant, notes);
    expect(receipt).toMatchObject({ documents: 5, added: 5, skipped: 0, chunks: 5, chunksWritten: 5 });
    const { chunks, report } = await retriever.search(tenant, 'Who takes metoprolol?', { limit: 2 });
    expect(chunks).toHaveLength(2);
    expect(chunks[0]).toMatchObject({ document: 'note-1', chunk: 0, text: notes[0]?.text, label: 'restricted' });
    expect(report).toMatchObject({ scanned: 5, refusedByAcl: 0, refusedByStore: {}, rollback: 'not detected' });
  });
  it('answers from memory the second time', async () => {
    const retriever = createRetriever({ store: newStore(), embedder });
    const tenant = await enter();
    await retriever.ingest(tenant, [...notes, note('note-6', 'A sixth note.')]);
    const first = await retriever.search(tenant, 'wrist', { limit: 1 });
    const second = await retriever.search(tenant, 'wrist', { limit: 1 });
    expect(second.chunks).toEqual(first.chunks);
    expect(second.report.bytes).toBeLessThan(first.report.bytes / 3);
  });
});
