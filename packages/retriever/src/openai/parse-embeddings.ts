import { fromBase64 } from '@cloister/core';
import { retrieverError } from '../errors.ts';

/**
 * The vectors of an answer in the order of the texts, scaled to length 1, strictly: one for each text, as base64 of 32-bit
 * little-endian floats or as numbers.
 * @throws CloisterError `ERR_RETRIEVER_EMBEDDER`
 */
export function parseEmbeddings(answer: unknown, count: number, dimensions: number): readonly Float32Array[] {
  const data = isObject(answer) ? answer['data'] : undefined;
  const vectors = new Map<unknown, Float32Array>();
  if (Array.isArray(data) && data.length === count) {
    for (const entry of data as readonly unknown[]) {
      const vector = isObject(entry) ? parseVector(entry['embedding'], dimensions) : undefined;
      if (vector !== undefined) vectors.set((entry as Readonly<Record<string, unknown>>)['index'], vector);
    }
  }
  const ordered = Array.from({ length: count }, (_, index) => vectors.get(index));
  if (ordered.every((vector) => vector !== undefined)) return ordered;
  throw retrieverError('ERR_RETRIEVER_EMBEDDER');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function parseVector(value: unknown, dimensions: number): Float32Array | undefined {
  const numbers = typeof value === 'string' ? decodeFloats(value) : value;
  if (!Array.isArray(numbers) || numbers.length !== dimensions || !numbers.every(Number.isFinite)) return undefined;
  const length = Math.hypot(...(numbers as number[]));
  return length > 0 && length < Number.POSITIVE_INFINITY
    ? Float32Array.from(numbers as number[], (component) => component / length)
    : undefined;
}

function decodeFloats(text: string): readonly number[] | undefined {
  try {
    const bytes = fromBase64(text);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Array.from({ length: bytes.length / 4 }, (_, index) => view.getFloat32(4 * index, true));
  } catch {
    return undefined;
  }
}
