import { concat, utf8 } from '@cloister/core';
import { beforeAll, expect, test } from 'vitest';
import { codeOf, cut, HEAD, readAll, readPieces, streamOf } from '../../test/support.ts';
import { createReceiver, createReceiverKey, parseKeyConfig, sealRequest } from '../index.ts';
import type { OpenedRequest, ReceiverKey, SealedRequest } from '../index.ts';

let key: ReceiverKey;
beforeAll(async () => {
  key = await createReceiverKey({ keyId: 1 });
});

const body = (): ReadableStream<Uint8Array> => streamOf(utf8('first '), utf8('second '), utf8('third'));
const HEADER = 7 + 32;
const NONCE = 32;

async function sealPieces(): Promise<{ readonly sealed: SealedRequest; readonly pieces: Uint8Array[] }> {
  const sealed = await sealRequest(parseKeyConfig(key.config), { head: HEAD, body: body() });
  return { sealed, pieces: await readPieces(sealed.body) };
}

async function open(...wire: readonly Uint8Array[]): Promise<OpenedRequest & { readonly content: Uint8Array }> {
  const opened = await createReceiver([key]).openRequest(streamOf(...wire));
  return { ...opened, content: await readAll(opened.body) };
}

async function answered(): Promise<{ readonly sealed: SealedRequest; readonly pieces: Uint8Array[] }> {
  const { sealed, pieces } = await sealPieces();
  const opened = await open(...pieces);
  const answer = opened.sealResponse({
    head: { status: 200, headers: [] },
    body: body(),
    trailers: () => [['t', 'v']],
  });
  return { sealed, pieces: await readPieces(answer) };
}

/** The same request again, so that one response can be opened many times. */
async function openAnswer(sealed: SealedRequest, ...wire: readonly Uint8Array[]): Promise<Uint8Array> {
  return readAll((await sealed.openResponse(streamOf(...wire))).body);
}

test('a request that is cut at any byte is ERR_CHANNEL_TRUNCATED, in pieces of any size', async () => {
  const wire = concat(...(await sealPieces()).pieces);
  for (let length = 0; length < wire.length; length++) {
    expect(await codeOf(open(wire.subarray(0, length)))).toBe('ERR_CHANNEL_TRUNCATED');
  }
  expect(await codeOf(open(...cut(wire.subarray(0, -1), 1)))).toBe('ERR_CHANNEL_TRUNCATED');
  expect((await open(...cut(wire, 1))).content).toEqual(utf8('first second third'));
});

test('a response that is cut at any byte is ERR_CHANNEL_TRUNCATED', async () => {
  const { pieces } = await answered();
  const total = concat(...pieces).length;
  for (let length = 0; length < total; length++) {
    const { sealed, pieces: fresh } = await answered();
    expect(await codeOf(openAnswer(sealed, concat(...fresh).subarray(0, length)))).toBe('ERR_CHANNEL_TRUNCATED');
  }
  const { sealed, pieces: whole } = await answered();
  expect(await openAnswer(sealed, ...whole)).toEqual(utf8('first second third'));
});

test('a connection that breaks is a cut; an abort of the caller stays one', async () => {
  const failing = (error: Error): ReadableStream<Uint8Array> =>
    new ReadableStream({
      pull: (controller) => controller.error(error),
    });
  const { sealed } = await sealPieces();
  expect(await codeOf(sealed.openResponse(failing(new TypeError('terminated'))))).toBe('ERR_CHANNEL_TRUNCATED');
  const again = await sealPieces();
  const abort = new DOMException('stopped', 'AbortError');
  await expect(again.sealed.openResponse(failing(abort))).rejects.toBe(abort);
});

test('bytes after the final chunk are refused', async () => {
  const { pieces } = await sealPieces();
  expect(await codeOf(open(...pieces, Uint8Array.of(0)))).toBe('ERR_CHANNEL_TRUNCATED');
});

test('any altered byte is refused in both directions', async () => {
  const wire = concat(...(await sealPieces()).pieces);
  for (let index = 0; index < wire.length; index++) {
    const altered = wire.slice();
    altered[index] = (altered[index] as number) ^ 0x10;
    expect(await codeOf(open(altered))).toMatch(/^ERR_CHANNEL_/);
  }
  const { sealed, pieces } = await answered();
  const answer = concat(...pieces);
  answer[answer.length - 1] = (answer.at(-1) as number) ^ 1;
  expect(await codeOf(openAnswer(sealed, answer))).toBe('ERR_CHANNEL_TRUNCATED');
});

// Pieces: [header + head], [first], [second], [third], [final]. The header moves with the first one.
test.each([
  ['two chunks change places', [0, 2, 1, 3, 4]],
  ['a chunk is there twice', [0, 1, 1, 2, 3, 4]],
  ['a chunk is missing', [0, 1, 3, 4]],
  ['the last chunk of content is missing', [0, 1, 2, 4]],
  ['the final chunk is missing', [0, 1, 2, 3]],
  ['the final chunk comes early', [0, 4]],
])('%s', async (_name, order) => {
  const request = await sealPieces();
  expect(request.pieces.length).toBe(5);
  const reorder = (pieces: readonly Uint8Array[]): Uint8Array[] => order.map((index) => pieces[index] as Uint8Array);
  expect(await codeOf(open(...reorder(request.pieces)))).toMatch(/^ERR_CHANNEL_(DECRYPT_FAILED|TRUNCATED)$/);
  const { sealed, pieces } = await answered();
  expect(await codeOf(openAnswer(sealed, ...reorder(pieces)))).toMatch(/^ERR_CHANNEL_(DECRYPT_FAILED|TRUNCATED)$/);
});

test('a final chunk cannot stand in for another one, nor the other way round', async () => {
  const { pieces } = await sealPieces();
  const final = pieces.at(-1) as Uint8Array;
  const disguised = concat(Uint8Array.of(final.length - 1), final.subarray(1));
  expect(await codeOf(open(...pieces.slice(0, -1), disguised))).toBe('ERR_CHANNEL_DECRYPT_FAILED');
  const third = pieces[3] as Uint8Array;
  expect(await codeOf(open(...pieces.slice(0, 3), concat(Uint8Array.of(0), third.subarray(1))))).toBe(
    'ERR_CHANNEL_TRUNCATED',
  );
});

test('responses of two exchanges cannot be swapped, nor mixed', async () => {
  const [one, two] = [await answered(), await answered()];
  expect(await codeOf(openAnswer(one.sealed, ...two.pieces))).toBe('ERR_CHANNEL_DECRYPT_FAILED');
  const [third, fourth] = [await answered(), await answered()];
  const mixed = [...third.pieces.slice(0, 2), ...fourth.pieces.slice(2)];
  expect(await codeOf(openAnswer(third.sealed, ...mixed))).toBe('ERR_CHANNEL_DECRYPT_FAILED');
});

test('a response sent back as a request, and a request as a response, open nothing', async () => {
  const request = await sealPieces();
  expect(await codeOf(openAnswer(request.sealed, ...request.pieces))).toMatch(/^ERR_CHANNEL_/);
  const { pieces } = await answered();
  expect(await codeOf(open(...pieces))).toMatch(/^ERR_CHANNEL_/);
});

test('an exchange is answered once', async () => {
  const { sealed, pieces } = await answered();
  await openAnswer(sealed, ...pieces);
  expect(await codeOf(sealed.openResponse(streamOf(...pieces)))).toBe('ERR_CHANNEL_ALREADY_USED');
  const request = await sealPieces();
  const opened = await open(...request.pieces);
  opened.sealResponse({ head: { status: 200, headers: [] } });
  expect(() => opened.sealResponse({ head: { status: 200, headers: [] } })).toThrow(
    expect.objectContaining({ code: 'ERR_CHANNEL_ALREADY_USED' }),
  );
});

test('header and nonce are where the drafts put them', async () => {
  const { sealed, pieces } = await sealPieces();
  expect([...(pieces[0] as Uint8Array).subarray(0, 7)]).toEqual([1, 0, 0x20, 0, 1, 0, 2]);
  expect((pieces[0] as Uint8Array).slice(7, HEADER)).toEqual(sealed.enc);
  const one = await answered();
  const two = await answered();
  expect((one.pieces[0] as Uint8Array).slice(0, NONCE)).not.toEqual((two.pieces[0] as Uint8Array).slice(0, NONCE));
});
