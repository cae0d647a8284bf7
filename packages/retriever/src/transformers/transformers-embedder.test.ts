import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchModel, MINILM } from '@cloister/models';
import type { ModelManifest } from '@cloister/models';
import { afterAll, describe, expect, it } from 'vitest';
import { enter, newStore, notes } from '../../test/world.ts';
import { createRetriever } from '../index.ts';
import { onnxEmbedder } from '../onnx/index.ts';
import { transformersEmbedder } from './index.ts';
import type { TransformersEmbedderOptions } from './index.ts';

const present = await fetchModel(MINILM, { offline: true }).then(
  () => true,
  () => false,
);
if (!present) process.stderr.write('transformers.js tests skipped: the MiniLM files are not in the model cache\n');

/** The same files under the names by which the library asks for them. */
const manifest: ModelManifest = {
  ...MINILM,
  files: MINILM.files.map((file) =>
    file.name === 'model.onnx' ? { ...file, name: 'onnx/model_quantized.onnx' } : file,
  ),
};
const options: TransformersEmbedderOptions = { manifest, dimensions: 384, offline: true };
const dot = (left: Float32Array, right: Float32Array): number =>
  left.reduce((sum, value, index) => sum + value * (right[index] as number), 0);

describe.skipIf(!present)('transformersEmbedder', () => {
  const embedder = transformersEmbedder(options);
  const direct = onnxEmbedder({ offline: true });
  afterAll(async () => {
    await embedder.dispose();
    await direct.dispose();
  });
  const texts = [
    'How do I reset my password?',
    '',
    'a much longer text '.repeat(60),
    'The bridge was built of granite.',
  ];

  it('gives the vectors that the runtime itself gives, and cuts at the same token', async () => {
    const vectors = await embedder.embed(texts);
    for (const [index, vector] of (await direct.embed(texts)).entries()) {
      expect(dot(vector, vectors[index] as Float32Array)).toBeGreaterThan(0.99999);
    }
    expect((await embedder.tokenizer()).encode('Hello world')).toEqual([7592, 2088]);
  });

  it('gives a text the same vector alone, beside others and from another instance', async () => {
    const together = await embedder.embed(texts);
    const other = transformersEmbedder(options);
    for (const [index, text] of texts.entries()) expect((await other.embed([text]))[0]).toEqual(together[index]);
    await other.dispose();
    await expect(other.embed(['a'])).rejects.toMatchObject({ code: 'ERR_RETRIEVER_CLOSED' });
  });

  it('serves a retriever', async () => {
    const retriever = createRetriever({ store: newStore(), embedder });
    const tenant = await enter();
    await retriever.ingest(tenant, notes);
    const { chunks } = await retriever.search(tenant, 'Which bone is fractured?', { limit: 1 });
    expect(chunks[0]?.document).toBe('note-2');
  });

  it('obeys the signal between texts', async () => {
    const controller = new AbortController();
    const embedding = embedder.embed(Array.from({ length: 50 }, String), { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(embedding).rejects.toThrow('enough');
  });

  it('pools in other ways as other models want it', async () => {
    const [mean] = await embedder.embed(['one two three']);
    for (const pooling of ['first', 'last'] as const) {
      const other = transformersEmbedder({ ...options, pooling });
      const [vector] = await other.embed(['one two three']);
      expect(dot(vector as Float32Array, vector as Float32Array)).toBeCloseTo(1, 5);
      expect(dot(vector as Float32Array, mean as Float32Array)).toBeLessThan(0.999);
      expect(other.id).not.toBe(embedder.id);
      await other.dispose();
    }
  });

  it(
    'loads nothing that was not pinned: a file that is left out is missing, not fetched',
    { timeout: 60_000 },
    async () => {
      const { env } = await import('@huggingface/transformers');
      const asked: unknown[] = [];
      const watch = async (address: unknown): Promise<Response> => {
        asked.push(address);
        return new Response('', { status: 404 });
      };
      const before = { fetch: env.fetch, localModelPath: env.localModelPath };
      Object.assign(env, { fetch: watch, allowLocalModels: true, localModelPath: '/' });
      for (const { name } of manifest.files.filter((file) => file.name !== 'tokenizer_config.json')) {
        const files = manifest.files.filter((file) => file.name !== name);
        const poor = transformersEmbedder({ ...options, manifest: { ...manifest, files } });
        await expect(poor.load()).rejects.toMatchObject({ code: 'ERR_RETRIEVER_EMBEDDER' });
      }
      expect(asked).toEqual([]);
      // What the application had set is there again.
      expect([env.fetch, env.allowLocalModels, env.useCustomCache]).toEqual([watch, true, false]);
      Object.assign(env, before);
    },
  );

  it('refuses files that are not the pinned ones, and a model of another length', async () => {
    const cacheDirectory = mkdtempSync(join(tmpdir(), 'cloister-transformers-'));
    await expect(transformersEmbedder({ ...options, cacheDirectory }).load()).rejects.toMatchObject({
      code: 'ERR_MODELS_OFFLINE',
    });
    rmSync(cacheDirectory, { recursive: true });
    const other = transformersEmbedder({ ...options, dimensions: 512 });
    await expect(other.embed(['a'])).rejects.toMatchObject({ code: 'ERR_RETRIEVER_EMBEDDER' });
    await other.dispose();
  });
});

describe('the options of transformersEmbedder', () => {
  it('are refused when they are out of range', () => {
    const bad = [{ dimensions: 0 }, { pooling: 'max' }, { weights: 'q2' }, { maxTokens: 4 }, { threads: 0 }];
    for (const option of bad as Partial<TransformersEmbedderOptions>[]) {
      expect(() => transformersEmbedder({ ...options, ...option })).toThrow(
        expect.objectContaining({ code: 'ERR_RETRIEVER_OPTIONS', subject: Object.keys(option)[0] }),
      );
    }
  });
});
