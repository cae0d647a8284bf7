import { readFileSync } from 'node:fs';
import { concat } from '@cloister/core';
import type { RequestHead } from '../src/index.ts';

const VECTORS = new URL('../../../test/vectors/channel/', import.meta.url);

/** A vector file as JSON. */
export function readVectors<Value>(name: string): Value {
  return JSON.parse(readFileSync(new URL(name, VECTORS), 'utf8')) as Value;
}

/** The rows of a vector file of JSON lines. */
export function readRows<Row>(name: string): readonly Row[] {
  const lines = readFileSync(new URL(name, VECTORS), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Row);
}

/** All pieces of a stream, one by one. */
export async function readPieces(stream: ReadableStream<Uint8Array>): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream as unknown as AsyncIterable<Uint8Array>) pieces.push(piece);
  return pieces;
}

/** All bytes of a stream. */
export async function readAll(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return concat(...(await readPieces(stream)));
}

/** A stream of these pieces. */
export function streamOf(...pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
}

/** `bytes` cut into pieces of at most `size`. */
export function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let offset = 0; offset < bytes.length; offset += size) pieces.push(bytes.subarray(offset, offset + size));
  return pieces;
}

/** The code of the error that a promise rejects with, `undefined` when it resolves. */
export async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  return promise.then(
    () => undefined,
    (error: unknown) => String((error as { code?: unknown }).code ?? error),
  );
}

/** A request head with what is easily lost: repeated, empty and byte-string values. */
export const HEAD: RequestHead = {
  method: 'POST',
  scheme: 'https',
  authority: 'enclave.test',
  path: '/v1/chat/completions?x=%20y',
  headers: [
    ['content-type', 'application/json'],
    ['x-repeated', '1'],
    ['x-repeated', '2'],
    ['x-empty', ''],
    ['x-bytes', 'caf\u00e9'],
  ],
};
