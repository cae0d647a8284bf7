import { sha256, toBase64, toHex, utf8 } from '@cloister/core';
import type { ResolvedOptions } from './options.ts';
import { saltMember, type Body } from './parse-body.ts';
import { tokenize } from './stand-in-tokenizer.ts';
import { apiError, schemaError } from './wire-refusal.ts';

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

function parseInput(input: unknown, body: Body): string[] {
  if (input === undefined) throw schemaError('missing', 'body.input', 'Field required', body);
  const texts: unknown[] = Array.isArray(input) ? input : [input];
  return texts.map((text) => {
    if (typeof text !== 'string')
      throw schemaError('string_type', 'body.input', 'Input should be a valid string', text);
    if (text === '') throw apiError(400, 'The decoder prompt cannot be empty');
    return text;
  });
}

/** `POST /v1/embeddings` as a pooling server answers it. @throws WireRefusal in vLLM's words */
export function embedRequest(body: Body, options: ResolvedOptions): object {
  saltMember(body);
  const texts = parseInput(body['input'], body);
  const base64 = body['encoding_format'] === 'base64';
  const tokens = texts.reduce((sum, text) => sum + tokenize(text).length, 0);
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
