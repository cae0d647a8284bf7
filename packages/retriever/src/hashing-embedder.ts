import type { Embedder, Tokenizer } from '@cloister/core';
import { approximateTokenizer } from './approximate-tokenizer.ts';

/** An embedder that knows which tokenizer its budget is counted with, and that may hold a model. */
export interface RetrieverEmbedder extends Embedder {
  /** The tokenizer to cut documents with; loads what it needs on first use. */
  tokenizer(): Promise<Tokenizer>;
  /** Releases the model. */
  dispose(): Promise<void>;
}

const DIMENSIONS = 384;
const WORD = /[\p{L}\p{N}]+/gu;

/**
 * A fallback without a model: hashed words and letter triples. It finds shared words, not shared meaning, and its id
 * says what it is (`hashing-…`). Needs no file and no network.
 */
export function hashingEmbedder(): RetrieverEmbedder {
  return {
    id: `hashing-${DIMENSIONS}-v1`,
    dimensions: DIMENSIONS,
    async embed(texts, options) {
      return texts.map((text) => {
        options?.signal?.throwIfAborted();
        return hashText(text);
      });
    },
    tokenizer: async () => approximateTokenizer,
    dispose: async () => {},
  };
}

function hashText(text: string): Float32Array {
  const vector = new Float32Array(DIMENSIONS);
  // A constant component keeps the vector of an empty text from being zero.
  vector[0] = 0.01;
  for (const [feature, weight] of countFeatures(text)) {
    const hash = fnv1a(feature);
    const place = hash % DIMENSIONS;
    vector[place] = (vector[place] as number) + (hash & 0x8000_0000 ? -1 : 1) * Math.sqrt(weight);
  }
  let sum = 0;
  for (const value of vector) sum += value * value;
  const length = Math.sqrt(sum);
  return length === 0 ? Float32Array.of(1, ...vector.subarray(1)) : vector.map((value) => value / length);
}

/** Words count fully, their letter triples a fifth, so that inflections come close to each other. */
function countFeatures(text: string): ReadonlyMap<string, number> {
  const features = new Map<string, number>();
  const add = (feature: string, weight: number): void => {
    features.set(feature, (features.get(feature) ?? 0) + weight);
  };
  for (const [word] of text.normalize('NFKD').toLowerCase().matchAll(WORD)) {
    add(word, word.length < 4 ? 0.2 : 1);
    const framed = `<${word}>`;
    for (let start = 0; start + 3 <= framed.length; start++) add(`#${framed.slice(start, start + 3)}`, 0.04);
  }
  return features;
}

/** FNV-1a over UTF-16 units: 32 bits, not a secret and not keyed. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  // One more round of mixing, because the low bits choose the component.
  hash ^= hash >>> 16;
  return Math.imul(hash, 0x45d9f3b) >>> 0;
}
