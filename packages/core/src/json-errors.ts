import { createErrors } from './errors.ts';
import type { CloisterError, ErrorOccurrence } from './errors.ts';

/** What `parseJson` and `canonicalJson` refuse. */
export type JsonErrorCode =
  | 'ERR_CORE_JSON_SYNTAX'
  | 'ERR_CORE_JSON_DUPLICATE_NAME'
  | 'ERR_CORE_JSON_TEXT'
  | 'ERR_CORE_JSON_NUMBER'
  | 'ERR_CORE_JSON_DEPTH'
  | 'ERR_CORE_JSON_SIZE'
  | 'ERR_CORE_JSON_VALUE';

/** Makes an error of the JSON verbs; the texts never quote the input. */
export const jsonError: (code: JsonErrorCode, occurrence?: ErrorOccurrence) => CloisterError<JsonErrorCode> =
  createErrors<JsonErrorCode>({
    ERR_CORE_JSON_SYNTAX: {
      message: 'The text is not JSON as RFC 8259 defines it.',
      fix: 'Produce the text with a JSON serializer; `detail.offset` is where it stops being JSON.',
    },
    ERR_CORE_JSON_DUPLICATE_NAME: {
      message: 'An object has two members with one name.',
      fix: 'Remove one of them: parsers differ in which of the two they would keep.',
    },
    ERR_CORE_JSON_TEXT: {
      message: 'A text is not well-formed Unicode.',
      fix: 'Send UTF-8 and no lone surrogates.',
    },
    ERR_CORE_JSON_NUMBER: {
      message: 'A number cannot be held exactly enough to be exchanged.',
      fix: 'Keep integers within 2^53 - 1 and other numbers finite, or send the number as a text.',
    },
    ERR_CORE_JSON_DEPTH: {
      message: 'The value is nested too deeply or refers to itself.',
      fix: 'Flatten the value, or raise `maxDepth` where the source is trusted.',
    },
    ERR_CORE_JSON_SIZE: {
      message: 'The JSON text is longer than allowed.',
      fix: 'Send less, or raise `maxBytes` where the source is trusted.',
    },
    ERR_CORE_JSON_VALUE: {
      message: 'The value holds something that JSON cannot express.',
      fix: 'Pass plain objects, arrays, texts, booleans, finite numbers and null; leave members out instead of undefined.',
    },
  });
