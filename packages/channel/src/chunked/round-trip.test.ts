import { fromUtf8, utf8 } from '@cloister/core';
import { expect, test } from 'vitest';
import { createReceiver, createReceiverKey, parseKeyConfig, sealRequest } from '../index.ts';
import type { RequestHead } from '../index.ts';

const HEAD: RequestHead = {
  method: 'POST',
  scheme: 'https',
  authority: 'enclave.test',
  path: '/v1/chat/completions?x=1',
  headers: [
    ['content-type', 'application/json'],
    ['x-dup', '1'],
    ['x-dup', '2'],
    ['x-empty', ''],
    ['x-latin', 'caf\u00e9'],
  ],
};

async function readAll(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}

test('a request and its response arrive whole, with trailers and the same exported secret', async () => {
  const key = await createReceiverKey({ keyId: 7 });
  const sealed = await sealRequest(parseKeyConfig(key.config), { head: HEAD, body: utf8('{"q":1}') });
  const opened = await createReceiver([key]).openRequest(sealed.body);
  expect(opened.head).toEqual(HEAD);
  expect(opened.keyId).toBe(7);
  expect(opened.enc).toEqual(sealed.enc);
  expect(fromUtf8(await readAll(opened.body))).toBe('{"q":1}');
  expect(await opened.trailers()).toEqual([]);
  expect(await opened.exportSecret('cloister/receipt/v1', 32)).toEqual(
    await sealed.exportSecret('cloister/receipt/v1', 32),
  );

  const stream = opened.sealResponse({
    head: { status: 201, headers: [['x-a', 'b']] },
    informational: [{ status: 103, headers: [['link', '</x>']] }],
    body: new Blob([new Uint8Array(100_000).fill(7)]).stream(),
    trailers: async () => [['cloister-receipt', 'abc']],
    padding: 50,
  });
  const answer = await sealed.openResponse(stream);
  expect(answer.head).toEqual({ status: 201, headers: [['x-a', 'b']] });
  expect(answer.informational).toEqual([{ status: 103, headers: [['link', '</x>']] }]);
  await expect(answer.trailers()).rejects.toMatchObject({ code: 'ERR_CHANNEL_BODY_UNREAD' });
  expect(await readAll(answer.body)).toEqual(new Uint8Array(100_000).fill(7));
  expect(await answer.trailers()).toEqual([['cloister-receipt', 'abc']]);
});
