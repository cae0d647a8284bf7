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
  const valid =
    vectors.length === texts.length &&
    vectors.every((vector) => vector.length === embedder.dimensions && vector.every(Number.isFinite));
  if (!valid) throw retrieverError('ERR_RETRIEVER_EMBEDDER');
  return vectors;
}
