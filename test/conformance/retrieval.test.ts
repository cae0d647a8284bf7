import { fetchModel, MINILM } from '@cloister/models';
import { describe, expect, it } from 'vitest';
import { answer } from './retrieval.ts';

const model = await fetchModel(MINILM, { offline: true }).then(
  () => true,
  () => false,
);
if (!model) process.stderr.write('conformance of retrieval with onnx skipped: the model is not in the cache\n');

const first = { id: 0, collection: 'docs', mode: 'sealed' };
const documents = [
  { id: 'north', text: 'same', vector: [0, 2] },
  { id: 'east', text: 'same', vector: [3, 0] },
  { id: 'between', text: 'same', vector: [1, 1] },
  { id: 'twin', text: 'same', vector: [1, 1] },
];

describe('conformance: retrieval', () => {
  it('answers before there is a collection', async () => {
    expect(await answer({ id: 7, query: 'x', k: 1 })).toEqual({
      id: 7,
      ok: false,
      code: 'ERR_CONFORMANCE_NO_COLLECTION',
    });
  });

  it('ranks given vectors by cosine', async () => {
    expect(await answer({ ...first, embedder: 'given', documents })).toEqual({ id: 0, ok: true, count: 4 });
    const { hits } = (await answer({ id: 1, vector: [0, 5], k: 3 })) as { hits: { document: string; score: number }[] };
    expect(hits.map(({ document }) => document).toSorted()[1]).toBe('north');
    expect(hits[0]?.document).toBe('north');
    expect(hits.map(({ score }) => score.toFixed(4))).toEqual(['1.0000', '0.7071', '0.7071']);
    expect(await answer({ id: 2, vector: [1, 0], k: 1 })).toMatchObject({ id: 2, hits: [{ document: 'east' }] });
  });

  it('keeps the collection when the next one is refused, and replaces it when it is accepted', async () => {
    for (const mode of ['rotate', '']) {
      const refused = { id: 0, ok: false, code: 'ERR_RETRIEVER_MODE_UNSUPPORTED' };
      expect(await answer({ ...first, mode, embedder: 'given', documents })).toEqual(refused);
    }
    expect(await answer({ id: 3, vector: [1, 0], k: 1 })).toMatchObject({ hits: [{ document: 'east' }] });
    await answer({ ...first, embedder: 'given', documents: [{ id: 'other', text: '', vector: [1, 2, 3] }] });
    expect(await answer({ id: 4, vector: [1, 2, 3], k: 9 })).toMatchObject({ hits: [{ document: 'other' }] });
    expect(await answer({ id: 5, vector: [1, 0], k: 1 })).toMatchObject({ ok: false });
  });

  it.each(['cells', 'prefix', 'plain'])('ranks like the mode sealed in the mode %s', async (mode) => {
    const many = Array.from({ length: 400 }, (_, index) => {
      const vector = Array.from({ length: 96 }, (_unused, at) => Math.sin(index * 97 + at * at));
      return { id: `d${index}`, text: '', vector };
    });
    const ask = async (opening: string): Promise<unknown> => {
      expect(await answer({ ...first, mode: opening, embedder: 'given', documents: many })).toMatchObject({
        count: 400,
      });
      return answer({ id: 1, vector: many[17]?.vector.map((value, at) => value + Math.cos(at)), k: 10 });
    };
    const { hits } = (await ask(mode)) as { hits: { document: string }[] };
    expect(hits.map(({ document }) => document)).toEqual(
      ((await ask('sealed')) as { hits: { document: string }[] }).hits.map(({ document }) => document),
    );
    expect(await answer({ ...first, mode, embedder: 'given', documents })).toMatchObject({ ok: true, count: 4 });
    expect(await answer({ id: 1, vector: [1, 0], k: 1 })).toMatchObject({ hits: [{ document: 'east' }] });
    expect(await answer({ ...first, mode, embedder: 'given', documents: [] })).toMatchObject({ ok: true, count: 0 });
    expect(await answer({ id: 2, vector: [1], k: 1 })).toEqual({ id: 2, hits: [] });
  });

  it.each([
    {},
    { k: 1 },
    { query: 'x', vector: [1], k: 1 },
    { vector: [1, 2, 3], k: 0 },
    { vector: [1, 'x'], k: 1 },
    { documents: 'x' },
    { ...first, embedder: 'other', documents },
    { ...first, embedder: 'given', documents: [{ id: 'a', text: 'b' }] },
    { ...first, embedder: 'given', documents: [...documents, { id: 'a', text: 'b', vector: [1] }] },
  ])('refuses the malformed line %j', async (line) => {
    expect(await answer({ ...line, id: 'x' })).toEqual({ id: 'x', ok: false, code: 'ERR_CONFORMANCE_MALFORMED_LINE' });
  });

  it.skipIf(!model).each(['sealed', 'cells', 'prefix', 'plain'])('embeds texts with the model: %s', async (mode) => {
    const texts = ['A cat sleeps on the sofa.', 'The stock market fell.', ''];
    const given = texts.map((text, index) => ({ id: `d${index}`, text }));
    expect(await answer({ ...first, mode, embedder: 'onnx', documents: given })).toMatchObject({ ok: true, count: 3 });
    expect(await answer({ id: 1, query: 'pets at home', k: 2 })).toMatchObject({ hits: [{ document: 'd0' }, {}] });
    expect(await answer({ id: 2, vector: [1], k: 2 })).toMatchObject({ ok: false });
  });
});
