import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashingEmbedder } from './index.ts';

const embedder = hashingEmbedder();
const embed = async (text: string): Promise<Float32Array> => (await embedder.embed([text]))[0] as Float32Array;
const cosine = async (left: string, right: string): Promise<number> => {
  const [a, b] = [await embed(left), await embed(right)];
  return a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);
};

describe('hashingEmbedder', () => {
  it('says in its id what it is', () => {
    expect(embedder.id).toMatch(/^hashing-/);
  });

  it('gives unit vectors of its length for any text, the same one every time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (text) => {
        const [one, two] = await embedder.embed([text, text]);
        expect(one).toEqual(two);
        expect(one).toHaveLength(embedder.dimensions);
        expect(Math.hypot(...(one ?? []))).toBeCloseTo(1, 5);
      }),
    );
  });

  it('puts texts with shared words and inflections closer than others', async () => {
    const question = 'Which medication does the patient take?';
    const near = await cosine(question, 'The patient takes two medications.');
    expect(near).toBeGreaterThan((await cosine(question, 'Bicycles are parked behind the house.')) + 0.2);
  });

  it('gives other texts other vectors and obeys the signal', async () => {
    expect(await embed('left')).not.toEqual(await embed('right'));
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(embedder.embed(['a'], { signal })).rejects.toThrow('enough');
  });
});
