import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchModel, MINILM } from '@cloister/models';
import { afterAll, describe, expect, it } from 'vitest';
import { enter, newStore, notes } from '../../test/world.ts';
import { createRetriever } from '../index.ts';
import { onnxEmbedder, prepareEmbedder } from './index.ts';

const present = await fetchModel(MINILM, { offline: true }).then(
  () => true,
  () => false,
);
if (!present) process.stderr.write('embedder tests skipped: the MiniLM files are not in the model cache\n');

const dot = (left: Float32Array, right: Float32Array): number =>
  left.reduce((sum, value, index) => sum + value * (right[index] as number), 0);

describe.skipIf(!present)('onnxEmbedder', () => {
  const embedder = onnxEmbedder({ offline: true });
  afterAll(() => embedder.dispose());
  const embed = async (...texts: readonly string[]): Promise<Float32Array[]> => [...(await embedder.embed(texts))];

  it('gives unit vectors that know about meaning', async () => {
    const [question, near, far] = (await embed(
      'How do I reset my password?',
      'I forgot my login credentials',
      'The bridge was built of granite.',
    )) as [Float32Array, Float32Array, Float32Array];
    for (const vector of [question, near, far]) expect(dot(vector, vector)).toBeCloseTo(1, 5);
    expect(question).toHaveLength(384);
    // 0.6776 with these weights, by mean pooling over all tokens; other pooling or weights give another value.
    expect(dot(question, near)).toBeCloseTo(0.6776, 3);
    expect(dot(question, far)).toBeLessThan(0.2);
  });

  it('gives a text the same vector alone, beside others and in another process state', async () => {
    const texts = ['short', 'a much longer text '.repeat(40), 'something else entirely', ''];
    const together = await embed(...texts);
    for (const [index, text] of texts.entries()) expect((await embed(text))[0]).toEqual(together[index]);
    const other = onnxEmbedder({ offline: true });
    expect(await other.embed(texts)).toEqual(together);
    await other.dispose();
  });

  it('looks at 128 tokens and no further', async () => {
    const words = (count: number): string => 'word '.repeat(count);
    const [inside, limit, beyond] = await embed(words(125), words(126), `${words(126)} other words`);
    expect(limit).toEqual(beyond);
    expect(limit).not.toEqual(inside);
  });

  it('obeys the signal between texts', async () => {
    const controller = new AbortController();
    const embedding = embedder.embed(
      Array.from({ length: 50 }, (_, index) => `text ${index}`),
      {
        signal: controller.signal,
      },
    );
    controller.abort(new Error('enough'));
    await expect(embedding).rejects.toThrow('enough');
  });

  it('serves a retriever, and cuts its documents with its own tokenizer', async () => {
    const retriever = createRetriever({ store: newStore(), embedder });
    const tenant = await enter();
    const text = 'The patient was seen by the ward physician again. '.repeat(60);
    const receipt = await retriever.ingest(tenant, [
      ...notes,
      { id: 'long', text, label: 'internal', acl: ['cardiology'] },
    ]);
    expect(receipt.chunks).toBe(5 + Math.ceil(60 / Math.floor(126 / 10)));
    const { chunks } = await retriever.search(tenant, 'Which bone is fractured?', { limit: 1 });
    expect(chunks[0]?.document).toBe('note-2');
  });

  it('gives nothing after disposal, and can be disposed before it was used', async () => {
    const other = onnxEmbedder({ offline: true });
    await other.load();
    await other.dispose();
    await other.dispose();
    await expect(other.embed(['a'])).rejects.toMatchObject({ code: 'ERR_RETRIEVER_CLOSED' });
    await onnxEmbedder().dispose();
  });
});

describe('prepareEmbedder', () => {
  const empty = mkdtempSync(join(tmpdir(), 'cloister-embedder-'));
  afterAll(() => rmSync(empty, { recursive: true }));

  it('steps back to the hashing embedder and says so', async () => {
    const prepared = await prepareEmbedder({ cacheDirectory: empty, offline: true });
    expect(prepared.fallback).toBe(true);
    expect(prepared.embedder.id).toMatch(/^hashing-/);
    expect(prepared.label).toMatch(/^hashing-.*FALLBACK.*ERR_MODELS_OFFLINE/);
    expect(prepared.tokenizer.encode('two words')).toHaveLength(2);
  });

  it.skipIf(!present)('takes the model when it is there', async () => {
    const prepared = await prepareEmbedder({ offline: true });
    expect(prepared.fallback).toBe(false);
    expect(prepared.label).not.toContain('FALLBACK');
    expect(prepared.tokenizer.encode('Hello world')).toEqual([7592, 2088]);
    await prepared.embedder.dispose();
  });

  it('does not take an abort for a missing model', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(prepareEmbedder({ cacheDirectory: empty, signal })).rejects.toThrow('enough');
  });
});
