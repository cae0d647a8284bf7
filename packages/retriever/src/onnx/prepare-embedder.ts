import { isCloisterError } from '@cloister/core';
import type { Tokenizer } from '@cloister/core';
import { hashingEmbedder } from '../hashing-embedder.ts';
import type { RetrieverEmbedder } from '../hashing-embedder.ts';
import { onnxEmbedder } from './onnx-embedder.ts';
import type { OnnxEmbedderOptions } from './onnx-embedder.ts';

/** An embedder that is ready, and what to tell people about it. */
export interface PreparedEmbedder {
  readonly embedder: RetrieverEmbedder;
  readonly tokenizer: Tokenizer;
  /** Whether the model could not be had and the hashing embedder stands in. */
  readonly fallback: boolean;
  /** One line for people: which embedder runs and, for the fallback, why. */
  readonly label: string;
}

/**
 * The real model when its files are in the cache or can be fetched, else the hashing embedder with a label that says so.
 * For demos and development: a service should use `onnxEmbedder` and fail.
 * @throws the signal's reason
 */
export async function prepareEmbedder(options: OnnxEmbedderOptions = {}): Promise<PreparedEmbedder> {
  const embedder = onnxEmbedder(options);
  try {
    const tokenizer = await embedder.tokenizer();
    return { embedder, tokenizer, fallback: false, label: `${embedder.id} (ONNX, in process)` };
  } catch (error) {
    await embedder.dispose();
    options.signal?.throwIfAborted();
    if (!isCloisterError(error)) throw error;
    const fallback = hashingEmbedder();
    const label = `${fallback.id}: FALLBACK WITHOUT A MODEL, finds shared words only (${error.code})`;
    return { embedder: fallback, tokenizer: await fallback.tokenizer(), fallback: true, label };
  }
}
