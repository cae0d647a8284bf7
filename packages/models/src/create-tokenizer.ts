import { Tokenizer as JsonTokenizer } from '@huggingface/tokenizers';
import { fromUtf8, sha256, toHex, type Tokenizer } from '@cloister/core';
import { modelsError } from './errors.ts';
import type { ModelFiles } from './fetch-model.ts';

/** A tokenizer that also adds what the model expects around a text. */
export interface ModelTokenizer extends Tokenizer {
  /** Token ids with the special tokens of the model, cut to `limit` ids so that the closing one is kept. */
  encodeForModel(text: string, limit: number): readonly number[];
}

/**
 * A tokenizer from verified `tokenizer.json` and `tokenizer_config.json`.
 * @throws CloisterError `ERR_MODELS_TOKENIZER_INVALID`
 */
export function createTokenizer(files: ModelFiles): ModelTokenizer {
  const definition = files.get('tokenizer.json');
  const configuration = files.get('tokenizer_config.json');
  if (definition === undefined || configuration === undefined) throw modelsError('ERR_MODELS_TOKENIZER_INVALID');
  const tokenizer = readTokenizer(definition, configuration);
  return {
    id: `tokenizer-${toHex(sha256(definition)).slice(0, 16)}`,
    encode: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids,
    encodeForModel(text, limit) {
      const { ids } = tokenizer.encode(text);
      const closing = ids.at(-1);
      return ids.length <= limit || closing === undefined ? ids : [...ids.slice(0, limit - 1), closing];
    },
  };
}

function readTokenizer(definition: Uint8Array, configuration: Uint8Array): JsonTokenizer {
  try {
    return new JsonTokenizer(JSON.parse(fromUtf8(definition)) as object, JSON.parse(fromUtf8(configuration)) as object);
  } catch {
    throw modelsError('ERR_MODELS_TOKENIZER_INVALID');
  }
}
