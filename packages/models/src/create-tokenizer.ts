import { fromUtf8, sha256, toHex } from '@cloister/core';
import type { Tokenizer } from '@cloister/core';
import * as library from '@huggingface/tokenizers';
import { modelsError } from './errors.ts';
import type { ModelFiles } from './fetch-model.ts';
import { MINILM_MAX_TOKENS } from './minilm.ts';
import { requireVerified } from './verified-bytes.ts';

/** What is used of the library, whose own declarations do not resolve under Node's module rules. */
interface JsonTokenizer {
  encode(text: string, options?: { readonly add_special_tokens: boolean }): { readonly ids: readonly number[] };
}

const { Tokenizer: LibraryTokenizer } = library as unknown as {
  readonly Tokenizer: new (definition: object, configuration: object) => JsonTokenizer;
};

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
  const definition = read(files, 'tokenizer.json');
  const tokenizer = load(definition, read(files, 'tokenizer_config.json'));
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

function read(files: ModelFiles, name: string): Uint8Array {
  const bytes = files.get(name);
  if (bytes === undefined) throw modelsError('ERR_MODELS_FILE_MISSING', { subject: name });
  return requireVerified(bytes);
}

function load(definition: Uint8Array, configuration: Uint8Array): JsonTokenizer {
  try {
    const parse = (bytes: Uint8Array): object => JSON.parse(fromUtf8(bytes)) as object;
    return new LibraryTokenizer(parse(definition), parse(configuration));
  } catch {
    throw modelsError('ERR_MODELS_TOKENIZER');
  }
}
