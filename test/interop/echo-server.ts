import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createReceiver, type ReceiverKey } from '@cloister/channel';
import { encodeMessage, parseMessage } from '@cloister/channel/bhttp';
import { openWholeRequest } from '@cloister/channel/ohttp';

/** Our half on loopback: echoes the body of what opens, whole or chunked, and names the path in a header. */
export interface EchoServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts it with these keys. */
export async function startEchoServer(keys: readonly ReceiverKey[]): Promise<EchoServer> {
  const server = createServer((request, response) => {
    const answer = request.headers['content-type'] === 'message/ohttp-req' ? answerWhole : answerChunked;
    answer(keys, request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answerWhole(
  keys: readonly ReceiverKey[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const opened = await openWholeRequest(keys, new Uint8Array(await buffer(request)));
  const { request: head, content } = await parseMessage(opened.message);
  const message = encodeMessage({ response: { status: 200, headers: [['x-path', head?.path ?? '']] }, content });
  response.writeHead(200, { 'content-type': 'message/ohttp-res' }).end(await opened.sealResponse(message));
}

async function answerChunked(
  keys: readonly ReceiverKey[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const opened = await createReceiver(keys).openRequest(Readable.toWeb(request) as ReadableStream<Uint8Array>);
  response.writeHead(200, { 'content-type': 'message/ohttp-chunked-res' });
  const sealed = opened.sealResponse({
    head: { status: 200, headers: [['x-path', opened.head.path ?? '']] },
    body: opened.body,
    trailers: () => [['x-trailer', 'end']],
  });
  for await (const piece of sealed as unknown as AsyncIterable<Uint8Array>) response.write(piece);
  response.end();
}
