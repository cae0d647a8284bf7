import { sha256, toHex } from '@cloister/core';
import type { Tokenizer } from '@cloister/core';
import { modelsError } from './errors.ts';
import type { ModelFiles } from './fetch-model.ts';
import { loadTokenizer, readVerified } from './load-tokenizer.ts';
import { MINILM_MAX_TOKENS } from './minilm.ts';

/** A tokenizer that also prepares texts for its model. */
export interface ModelTokenizer extends Tokenizer {
  /** Most tokens of one input, special tokens included. */
  readonly maxTokens: number;
  /** Token ids between the model's special tokens, cut at the end to `maxTokens`. */
  encodeInput(text: string): readonly number[];
}

/**
 * The tokenizer of a model, from verified `tokenizer.json` and `tokenizer_config.json`. The library cuts nothing by
 * itself, and other libraries cut elsewhere, so the limit is applied here, in one place.
 * @param options.maxTokens 128 unless given
 * @throws CloisterError `ERR_MODELS_NOT_VERIFIED`, `_FILE_MISSING`, `_TOKENIZER`, `_INPUT`
 */
export function createTokenizer(files: ModelFiles, options: { readonly maxTokens?: number } = {}): ModelTokenizer {
  const { maxTokens = MINILM_MAX_TOKENS } = options;
  if (!Number.isInteger(maxTokens) || maxTokens < 8) throw modelsError('ERR_MODELS_INPUT', { subject: 'maxTokens' });
  const definition = readVerified(files, 'tokenizer.json');
  const tokenizer = loadTokenizer(definition, readVerified(files, 'tokenizer_config.json'));
  const [first, last, ...others] = tokenizer.encode('').ids;
  if (first === undefined || last === undefined || others.length > 0) throw modelsError('ERR_MODELS_TOKENIZER');
  const encode = (text: string): readonly number[] => tokenizer.encode(text, { add_special_tokens: false }).ids;
  return {
    id: `tokenizer-${toHex(sha256(definition)).slice(0, 16)}`,
    maxTokens,
    encode,
    encodeInput: (text) => [first, ...encode(text).slice(0, maxTokens - 2), last],
  };
}
