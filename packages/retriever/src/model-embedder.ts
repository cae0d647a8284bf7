import { openOnce } from '@cloister/core';
import type { Tokenizer } from '@cloister/core';
import { retrieverError } from './errors.ts';
import type { RetrieverEmbedder } from './hashing-embedder.ts';

/** An embedder that holds a model in this process. */
export interface ModelEmbedder<Tokens extends Tokenizer = Tokenizer> extends RetrieverEmbedder {
  /** Loads the model now instead of with the first text. */
  load(): Promise<void>;
  tokenizer(): Promise<Tokens>;
}

/** What differs from one model to the next. */
export interface ModelParts<Model, Tokens extends Tokenizer> {
  readonly id: string;
  readonly dimensions: number;
  readonly load: () => Promise<Model>;
  readonly tokenizerOf: (model: Model) => Tokens;
  readonly embedOne: (model: Model, text: string) => Promise<Float32Array>;
  readonly dispose: (model: Model) => Promise<unknown>;
}

/**
 * An embedder over a model that is loaded on first use. Every text runs alone: in a batch the activations of one text would
 * depend on its neighbours, so that the same text could give different vectors, and on CPUs a batch is no faster.
 * @throws (from its methods) CloisterError `ERR_RETRIEVER_CLOSED`, what the parts throw, the signal's reason
 */
export function createModelEmbedder<Model, Tokens extends Tokenizer>(
  parts: ModelParts<Model, Tokens>,
): ModelEmbedder<Tokens> {
  const { id, dimensions, tokenizerOf, embedOne, dispose } = parts;
  const loaded = openOnce(parts.load);
  let open = true;
  const model = async (): Promise<Model> => {
    if (!open) throw retrieverError('ERR_RETRIEVER_CLOSED');
    return loaded.get();
  };
  return {
    id,
    dimensions,
    async load() {
      await model();
    },
    tokenizer: async () => tokenizerOf(await model()),
    async embed(texts, { signal } = {}) {
      signal?.throwIfAborted();
      const ready = await model();
      const vectors: Float32Array[] = [];
      for (const text of texts) {
        signal?.throwIfAborted();
        vectors.push(await embedOne(ready, text));
      }
      return vectors;
    },
    async dispose() {
      open = false;
      const held = await loaded.held();
      if (held !== undefined) await dispose(held);
    },
  };
}
