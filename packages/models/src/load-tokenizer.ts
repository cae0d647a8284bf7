import { fromUtf8 } from '@cloister/core';
import * as library from '@huggingface/tokenizers';
import { modelsError } from './errors.ts';
import type { ModelFiles } from './fetch-model.ts';
import { requireVerified } from './verified-bytes.ts';
import type { VerifiedBytes } from './verified-bytes.ts';

/** What is used of the library, whose own declarations do not resolve under Node's module rules. */
interface JsonTokenizer {
  encode(text: string, options?: { readonly add_special_tokens: boolean }): { readonly ids: readonly number[] };
}

const { Tokenizer: LibraryTokenizer } = library as unknown as {
  readonly Tokenizer: new (definition: object, configuration: object) => JsonTokenizer;
};

/**
 * A file of a model.
 * @throws CloisterError `ERR_MODELS_FILE_MISSING`, `ERR_MODELS_NOT_VERIFIED`
 */
export function readVerified(files: ModelFiles, name: string): VerifiedBytes {
  const bytes = files.get(name);
  if (bytes === undefined) throw modelsError('ERR_MODELS_FILE_MISSING', { subject: name });
  return requireVerified(bytes);
}

/**
 * The library's tokenizer over the two files that describe one.
 * @throws CloisterError `ERR_MODELS_TOKENIZER`
 */
export function loadTokenizer(definition: Uint8Array, configuration: Uint8Array): JsonTokenizer {
  try {
    const parse = (bytes: Uint8Array): object => JSON.parse(fromUtf8(bytes)) as object;
    return new LibraryTokenizer(parse(definition), parse(configuration));
  } catch {
    throw modelsError('ERR_MODELS_TOKENIZER');
  }
}
