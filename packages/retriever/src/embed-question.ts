import type { Embedder } from '@cloister/core';
import { embedTexts, isVector } from './embed-texts.ts';
import { retrieverError } from './errors.ts';
import { LIMITS } from './limits.ts';

/**
 * The vector of a question, for searches of several retrievers that share an embedder: see `SearchOptions.vector`.
 * @throws CloisterError `ERR_RETRIEVER_QUESTION`, `ERR_RETRIEVER_EMBEDDER`; what the embedder throws; the signal's reason
 */
export async function embedQuestion(
  embedder: Embedder,
  question: string,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Float32Array> {
  checkQuestion(question);
  const [vector] = await embedTexts(embedder, [question], signal);
  return vector as Float32Array;
}

/** @throws CloisterError `ERR_RETRIEVER_QUESTION` when it is no usable text within the bound */
export function checkQuestion(question: string): void {
  const usable = typeof question === 'string' && question.length <= LIMITS.question && question.isWellFormed();
  if (!usable) throw retrieverError('ERR_RETRIEVER_QUESTION');
}

/** @throws CloisterError `ERR_RETRIEVER_EMBEDDER` when it is no vector of this embedder's length */
export function checkVector(vector: Float32Array, { dimensions }: Embedder): Float32Array {
  if (!isVector(vector, dimensions)) throw retrieverError('ERR_RETRIEVER_EMBEDDER');
  return vector;
}
