import { startVllmStandIn } from '@cloister/simulator/vllm';
import { afterAll, describe, expect, it } from 'vitest';
import { enter, newStore, notes } from '../../test/world.ts';
import { createRetriever } from '../index.ts';
import { openaiEmbedder } from './openai-embedder.ts';
import { parseEmbeddings } from './parse-embeddings.ts';

const engine = await startVllmStandIn({ runner: 'pooling', apiKey: 'key' });
afterAll(() => engine.close());

let salts = 0;
const options = {
  fetch,
  baseURL: `${engine.url}/v1`,
  salt: () => `cs1.${String(salts++).padStart(43, '0')}`,
  model: engine.model,
  dimensions: 384,
  apiKey: 'key',
};

const failure = { code: 'ERR_RETRIEVER_EMBEDDER' };

describe('openaiEmbedder', () => {
  it('embeds in batches, each with the salt of the tenant, and gives the same text the same vector', async () => {
    const start = engine.requests.length;
    const texts = [...notes.map(({ text }) => text), '', notes[0]?.text ?? ''];
    const vectors = await openaiEmbedder({ ...options, batch: 3 }).embed(texts);
    const bodies = engine.requests.slice(start).map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    expect(bodies.map(({ input }) => (input as unknown[]).length)).toEqual([3, 3, 1]);
    expect(new Set(bodies.map(({ cache_salt: salt }) => salt)).size).toBe(3);
    expect(bodies.every(({ cache_salt: salt }) => /^cs1\.\d{43}$/.test(String(salt)))).toBe(true);
    expect(vectors).toHaveLength(texts.length);
    expect(vectors.at(-1)).toEqual(vectors[0]);
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  });

  it('serves a retriever', async () => {
    const retriever = createRetriever({ store: newStore(), embedder: openaiEmbedder(options) });
    const tenant = await enter();
    await retriever.ingest(tenant, notes);
    const { chunks } = await retriever.search(tenant, 'metoprolol heart attack', { limit: 1 });
    expect(chunks[0]?.document).toBe('note-1');
  });

  it('stops at the signal, also between batches', async () => {
    const controller = new AbortController();
    const counting: typeof fetch = async (...request) => {
      controller.abort(new Error('enough'));
      return fetch(...request);
    };
    const embedder = openaiEmbedder({ ...options, fetch: counting, batch: 1 });
    await expect(embedder.embed(['a', 'b'], { signal: controller.signal })).rejects.toThrow('enough');
    const start = engine.requests.length;
    await expect(embedder.embed(['a'], { signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
    expect(engine.requests).toHaveLength(start);
  });

  it('tells the status of a refusal and nothing of its text', async () => {
    const refused = openaiEmbedder({ ...options, apiKey: 'wrong' }).embed(['a secret text']);
    await expect(refused).rejects.toMatchObject({ ...failure, detail: { status: 401 } });
    const endless: typeof fetch = async () => new Response(new Uint8Array(4 * 1024 * 1024));
    await expect(openaiEmbedder({ ...options, fetch: endless }).embed(['a'])).rejects.toMatchObject(failure);
    const text: typeof fetch = async () => new Response('<html>');
    await expect(openaiEmbedder({ ...options, fetch: text }).embed(['a'])).rejects.toMatchObject(failure);
  });

  it('refuses options that are out of range', () => {
    for (const bad of [{ baseURL: '' }, { model: '' }, { dimensions: 0 }, { dimensions: 9000 }, { batch: 0 }]) {
      expect(() => openaiEmbedder({ ...options, ...bad })).toThrow(
        expect.objectContaining({ code: 'ERR_RETRIEVER_OPTIONS', subject: Object.keys(bad)[0] }),
      );
    }
  });
});

describe('parseEmbeddings', () => {
  const entry = (index: number, embedding: unknown): object => ({ index, object: 'embedding', embedding });

  it('puts vectors in order and scales them, whatever they are written in', () => {
    const base64 = Buffer.from(Float32Array.of(0, 2).buffer).toString('base64');
    const vectors = parseEmbeddings({ data: [entry(1, base64), entry(0, [3, 4])] }, 2, 2);
    expect(vectors.map((vector) => [...vector].map((value) => value.toFixed(2)))).toEqual([
      ['0.60', '0.80'],
      ['0.00', '1.00'],
    ]);
  });

  it('refuses what is missing, twice, of another length or no number', () => {
    const good = entry(0, [1, 0]);
    for (const data of [
      undefined,
      [],
      [good],
      [good, good],
      [good, entry(2, [1, 0])],
      [good, entry(1, [1])],
      [good, entry(1, [0, 0])],
      [good, entry(1, ['1', '0'])],
      [good, entry(1, [null, 1])],
      [good, entry(1, 'AAAA')],
      [good, entry(1, '!!')],
      [good, null],
      [good, entry(1, [1, 0]), entry(2, [1, 0])],
    ]) {
      expect(() => parseEmbeddings({ data }, 2, 2)).toThrow(expect.objectContaining(failure));
    }
    expect(() => parseEmbeddings(null, 1, 2)).toThrow(expect.objectContaining(failure));
  });
});
