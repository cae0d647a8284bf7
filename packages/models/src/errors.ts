import { createErrors, type CloisterError, type ErrorOccurrence } from '@cloister/core';

/** What getting or running a model can fail with. */
export type ModelsErrorCode =
  | 'ERR_MODELS_UNAVAILABLE'
  | 'ERR_MODELS_DIGEST_MISMATCH'
  | 'ERR_MODELS_FILE_TOO_LARGE'
  | 'ERR_MODELS_CACHE_UNWRITABLE'
  | 'ERR_MODELS_TOKENIZER_INVALID'
  | 'ERR_MODELS_SESSION_FAILED'
  | 'ERR_MODELS_SESSION_CLOSED';

/** Makes an error of this package. */
export const modelsError: (code: ModelsErrorCode, occurrence?: ErrorOccurrence) => CloisterError<ModelsErrorCode> =
  createErrors<ModelsErrorCode>({
    ERR_MODELS_UNAVAILABLE: {
      message: 'A model file is neither in the cache nor to be had from any of its sources.',
      fix: 'Connect once to fetch it, or copy the file into the cache folder (CLOISTER_CACHE) under its name.',
      retryable: true,
    },
    ERR_MODELS_DIGEST_MISMATCH: {
      message: 'A model file is not the pinned one.',
      fix: 'Delete the file from the cache and fetch it again; if it happens again, do not trust its source.',
    },
    ERR_MODELS_FILE_TOO_LARGE: {
      message: 'A source sent more bytes than the pinned file has.',
      fix: 'Do not trust this source; fetch the file elsewhere and copy it into the cache folder.',
    },
    ERR_MODELS_CACHE_UNWRITABLE: {
      message: 'The model cache cannot be written.',
      fix: 'Make the folder writable or name another one in CLOISTER_CACHE.',
    },
    ERR_MODELS_TOKENIZER_INVALID: {
      message: 'The tokenizer files cannot be read.',
      fix: 'Use the tokenizer.json and tokenizer_config.json of the pinned revision.',
    },
    ERR_MODELS_SESSION_FAILED: {
      message: 'The model could not be run.',
      fix: 'Check that the file is an ONNX model for this runtime and that memory is left.',
    },
    ERR_MODELS_SESSION_CLOSED: {
      message: 'The model session is closed.',
      fix: 'Create a new session; a closed one cannot be used again.',
    },
  });
