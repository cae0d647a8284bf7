import type { Embedder } from '@cloister/core';
import { retrieverError } from './errors.ts';

/**
 * Embeds texts and checks the answer, since an embedder may be a remote service.
 * @throws CloisterError `ERR_RETRIEVER_EMBEDDER`; what the embedder throws; the signal's reason
 */
export async function embedTexts(
  embedder: Embedder,
  texts: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly Float32Array[]> {
  signal?.throwIfAborted();
  const vectors = await embedder.embed(texts, signal === undefined ? {} : { signal });
  const valid = vectors.length === texts.length && vectors.every((vector) => isVector(vector, embedder.dimensions));
  if (!valid) throw retrieverError('ERR_RETRIEVER_EMBEDDER');
  return vectors;
}

/** Whether a value is a vector of this length, of finite numbers. */
export function isVector(value: unknown, dimensions: number): value is Float32Array {
  return value instanceof Float32Array && value.length === dimensions && value.every(Number.isFinite);
}
