import { setImmediate as settle } from 'node:timers/promises';
import { fromUtf8, utf8 } from '@cloister/core';
import { expect, test } from 'vitest';
import { codeOf, HEAD, readAll, readPieces, streamOf } from '../../test/support.ts';
import { createReceiver, createReceiverKey, parseKeyConfig, sealRequest } from '../index.ts';
import type { OpenedRequest, SealedRequest } from '../index.ts';

const OK = { status: 200, headers: [['content-type', 'text/event-stream']] } as const;

async function exchange(body?: ReadableStream<Uint8Array>): Promise<{ sealed: SealedRequest; opened: OpenedRequest }> {
  const key = await createReceiverKey();
  const sealed = await sealRequest(parseKeyConfig(key.config), { head: HEAD, ...(body && { body }) });
  return { sealed, opened: await createReceiver([key]).openRequest(sealed.body) };
}

/** A stream that counts what it was asked for, without any buffer of its own. */
function counting(size = 5): {
  readonly stream: ReadableStream<Uint8Array>;
  readonly state: { produced: number; cancelled?: unknown };
} {
  const state: { produced: number; cancelled?: unknown } = { produced: 0 };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => controller.enqueue(new Uint8Array(size).fill(++state.produced)),
      cancel(reason) {
        state.cancelled = reason;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, state };
}

test('the head of a request opens before its content exists', async () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const { opened } = await exchange(readable);
  expect(opened.head).toEqual(HEAD);
  const writer = writable.getWriter();
  const reader = opened.body.getReader();
  void writer.write(utf8('later'));
  expect(fromUtf8((await reader.read()).value as Uint8Array)).toBe('later');
  void writer.close();
  expect((await reader.read()).done).toBe(true);
});

test('each event of a response arrives before the next one is produced', async () => {
  const { sealed, opened } = await exchange();
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const answer = await sealed.openResponse(opened.sealResponse({ head: OK, body: readable }));
  const [writer, reader] = [writable.getWriter(), answer.body.getReader()];
  for (let event = 0; event < 20; event++) {
    void writer.write(utf8(`data: ${event}\n\n`));
    expect(fromUtf8((await reader.read()).value as Uint8Array)).toBe(`data: ${event}\n\n`);
  }
  void writer.close();
  expect((await reader.read()).done).toBe(true);
});

test('each event is one piece on the wire', async () => {
  const { opened } = await exchange();
  const events = ['a', 'bb', 'ccc'].map(utf8);
  const pieces = await readPieces(opened.sealResponse({ head: OK, body: streamOf(...events) }));
  const overhead = 1 + 1 + 16;
  expect(pieces.slice(1, -1).map((piece) => piece.length)).toEqual([1, 2, 3].map((length) => length + overhead));
});

test('a reader that stops holds the sender, in both directions', async () => {
  const up = counting();
  const { sealed, opened } = await exchange(up.stream);
  expect(up.state.produced).toBe(0);
  const reader = opened.body.getReader();
  for (let read = 1; read <= 3; read++) {
    await reader.read();
    await settle();
    expect(up.state.produced).toBe(read);
  }
  const down = counting();
  const answer = await sealed.openResponse(opened.sealResponse({ head: OK, body: down.stream }));
  expect(down.state.produced).toBe(0);
  const other = answer.body.getReader();
  for (let read = 1; read <= 3; read++) {
    await other.read();
    await settle();
    expect(down.state.produced).toBe(read);
  }
});

test('control: a reader that goes on lets the sender go on', async () => {
  const { sealed, opened } = await exchange();
  const { stream, state } = counting();
  const reader = (await sealed.openResponse(opened.sealResponse({ head: OK, body: stream }))).body.getReader();
  for (let read = 0; read < 100; read++) await reader.read();
  expect(state.produced).toBe(100);
});

test('a reader that gives up cancels the producer at the other end', async () => {
  const { sealed, opened } = await exchange();
  const { stream, state } = counting();
  const answer = await sealed.openResponse(opened.sealResponse({ head: OK, body: stream }));
  const reader = answer.body.getReader();
  await reader.read();
  await reader.cancel('enough');
  expect(state.cancelled).toBe('enough');
  expect(await codeOf(answer.trailers())).toBe('ERR_CHANNEL_BODY_UNREAD');
});

test('a message that is refused cancels its source', async () => {
  const { stream, state } = counting(7);
  const receiver = createReceiver([await createReceiverKey({ keyId: 200 })]);
  expect(await codeOf(receiver.openRequest(stream))).toBe('ERR_CHANNEL_KEY_UNKNOWN');
  expect(state.cancelled).toMatchObject({ code: 'ERR_CHANNEL_KEY_UNKNOWN' });
});

test('a body that fails leaves no final chunk behind', async () => {
  const failure = new Error('upstream broke');
  const failing = (): ReadableStream<Uint8Array> => {
    let pulls = 0;
    return new ReadableStream({
      pull(controller) {
        if (pulls++ === 0) controller.enqueue(utf8('half an answer'));
        else controller.error(failure);
      },
    });
  };
  const { sealed, opened } = await exchange();
  const wire = opened.sealResponse({ head: OK, body: failing() });
  const received: Uint8Array[] = [];
  await expect(
    (async () => {
      for await (const piece of wire as unknown as AsyncIterable<Uint8Array>) received.push(piece);
    })(),
  ).rejects.toBe(failure);
  const answer = await sealed.openResponse(streamOf(...received));
  expect(await codeOf(readAll(answer.body))).toBe('ERR_CHANNEL_TRUNCATED');
});

test('trailers that fail leave no final chunk behind', async () => {
  const { opened } = await exchange();
  const wire = opened.sealResponse({ head: OK, trailers: () => Promise.reject(new Error('no receipt')) });
  await expect(readAll(wire)).rejects.toThrow('no receipt');
});

test('empty pieces of a body end nothing', async () => {
  const { sealed, opened } = await exchange();
  const pieces = [new Uint8Array(0), utf8('a'), new Uint8Array(0), new Uint8Array(0), utf8('b'), new Uint8Array(0)];
  const answer = await sealed.openResponse(opened.sealResponse({ head: OK, body: streamOf(...pieces) }));
  expect(fromUtf8(await readAll(answer.body))).toBe('ab');
});

test('a body of anything but bytes is refused', async () => {
  const { opened } = await exchange();
  const text = streamOf('text' as unknown as Uint8Array);
  expect(await codeOf(readAll(opened.sealResponse({ head: OK, body: text })))).toBe('ERR_CHANNEL_INVALID_ARGUMENT');
});

test('a head above 32 KiB is refused while it arrives, content above its limit too', async () => {
  const key = await createReceiverKey();
  const config = parseKeyConfig(key.config);
  const headers = Array.from({ length: 40 }, (_, index) => [`x-${index}`, 'v'.repeat(1000)] as const);
  const large = await sealRequest(config, { head: { ...HEAD, headers }, body: counting().stream });
  expect(await codeOf(createReceiver([key]).openRequest(large.body))).toBe('ERR_CHANNEL_TOO_LARGE');
  const endless = await sealRequest(config, { head: HEAD, body: counting(1000).stream });
  const opened = await createReceiver([key], { limits: { contentBytes: 10_000 } }).openRequest(endless.body);
  expect(await codeOf(readAll(opened.body))).toBe('ERR_CHANNEL_TOO_LARGE');
});

test('a response is no request and a request no response', async () => {
  const { sealed, opened } = await exchange();
  const asRequest = opened.sealResponse({ head: HEAD as never });
  expect(await codeOf(sealed.openResponse(asRequest))).toBe('ERR_CHANNEL_MALFORMED_MESSAGE');
});
