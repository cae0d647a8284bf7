import { sha256, toBase64, toHex, utf8 } from '@cloister/core';
import type { ResolvedOptions } from './options.ts';
import { isBody, saltMember, type Body } from './parse-body.ts';
import { tokenize } from './stand-in-tokenizer.ts';
import {
  apiError,
  pythonRepr,
  type SchemaComplaint,
  schemaErrors,
  windowError,
  type WireRefusal,
} from './wire-refusal.ts';

/** Length of the stand-in's embeddings. */
export const EMBEDDING_DIMENSIONS = 384;

/** A bag of hashed words, scaled to length 1: similar words give similar vectors, meaning does not. */
function embed(text: string): Float32Array {
  const vector = new Float32Array(EMBEDDING_DIMENSIONS);
  for (const word of text
    .toLowerCase()
    .toWellFormed()
    .match(/[\p{L}\p{N}]+/gu) ?? [text]) {
    const digest = new DataView(sha256(utf8(word)).slice().buffer);
    const place = digest.getUint32(0) % EMBEDDING_DIMENSIONS;
    vector[place] = (vector[place] ?? 0) + (digest.getUint8(4) % 2 === 0 ? 1 : -1);
  }
  const norm = Math.hypot(...vector) || 1;
  return vector.map((value) => value / norm);
}

/** The kinds of request that the route takes, in the order in which the server tries them; each complains for itself. */
const MESSAGES = 'messages';
const MISSING_INPUT = ['input', MESSAGES, MESSAGES, MESSAGES, 'input', MESSAGES, 'input'];
const FORMATS = ['float', 'base64', 'bytes', 'bytes_only'];
const FORMAT_RULE = "'float', 'base64', 'bytes' or 'bytes_only'";

function missing(body: Body, member: string): SchemaComplaint {
  return { type: 'missing', location: `body.${member}`, message: 'Field required', input: body };
}

function notList(input: unknown): SchemaComplaint {
  return { type: 'list_type', location: 'body.input', message: 'Input should be a valid list', input };
}

function wrongInput(input: unknown, body: Body): WireRefusal {
  const list = notList(input);
  const text = { type: 'string_type', location: 'body.input', message: 'Input should be a valid string', input };
  const message = 'Input should be an instance of Sequence';
  const sequence = { type: 'is_instance_of', location: 'body.input', message, input, context: "{'class': 'Sequence'}" };
  const other = missing(body, MESSAGES);
  return schemaErrors([list, list, text, list, other, other, other, list, other, sequence]);
}

function wrongFormat(input: unknown, body: Body): WireRefusal {
  const format = {
    type: 'literal_error',
    location: 'body.encoding_format',
    message: `Input should be ${FORMAT_RULE}`,
    input: body['encoding_format'],
    context: `{'expected': "${FORMAT_RULE}"}`,
  };
  const other = missing(body, MESSAGES);
  return schemaErrors([format, format, other, format, other, format, other, notList(input), format, other], 11);
}

function parseInput(body: Body): string[] {
  const { input } = body;
  if (input === undefined) throw schemaErrors(MISSING_INPUT.map((member) => missing(body, member)));
  if (isBody(input)) throw wrongInput(input, body);
  const format = body['encoding_format'] ?? 'float';
  if (typeof input === 'string' && !FORMATS.includes(format as string)) throw wrongFormat(input, body);
  const texts: unknown[] = Array.isArray(input) ? input : [input];
  return texts.map((text) => {
    if (typeof text !== 'string') throw apiError(400, 'The stand-in reads texts and lists of texts only.', 'input');
    if (text === '') throw apiError(400, 'The decoder prompt cannot be empty');
    return text;
  });
}

function checkDimensions({ dimensions }: Body, model: string): void {
  if (dimensions === undefined || dimensions === null) return;
  const rule = `does not support Matryoshka embeddings; dimensions must be unset (received dimensions=${pythonRepr(dimensions)}).`;
  throw apiError(400, `Model '${model}' ${rule}`);
}

/** `POST /v1/embeddings` as a pooling server answers it. @throws WireRefusal in vLLM's words */
export function embedRequest(body: Body, options: ResolvedOptions): object {
  saltMember(body);
  const texts = parseInput(body);
  checkDimensions(body, options.model);
  const base64 = body['encoding_format'] === 'base64';
  const counts = texts.map((text) => tokenize(text).length);
  if (counts.some((count) => count > options.maxModelLength)) throw windowError(options.maxModelLength);
  const tokens = counts.reduce((sum, count) => sum + count, 0);
  const encode = (vector: Float32Array): unknown => (base64 ? toBase64(new Uint8Array(vector.buffer)) : [...vector]);
  return {
    id: `embd-${toHex(options.random(8))}`,
    object: 'list',
    created: Math.floor(options.clock.now() / 1000),
    model: options.model,
    data: texts.map((text, index) => ({ index, object: 'embedding', embedding: encode(embed(text)) })),
    usage: {
      prompt_tokens: tokens,
      total_tokens: tokens,
      completion_tokens: 0,
      prompt_tokens_details: null,
      completion_tokens_details: null,
    },
  };
}
