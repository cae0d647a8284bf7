import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { transport } from './node.ts';

/** How long the server keeps an idle connection, ms: it says so in a header, and Node ends its side a second before. */
const KEPT = 2_000;
const server = createServer({ keepAliveTimeout: KEPT, keepAliveTimeoutBuffer: 2_000 }, (request, response) => {
  ports.push(request.socket.remotePort ?? 0);
  void wait(request.url === '/slow' ? KEPT - 500 : 0).then(() => response.end('answer'));
});
const ports: number[] = [];
let base = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

async function post(path: string): Promise<string> {
  const { pieces } = await transport(base + path, new Uint8Array(8), undefined);
  let text = '';
  for (let piece = await pieces.next(); piece !== undefined; piece = await pieces.next())
    text += Buffer.from(piece).toString();
  return text;
}

it('waits for a slow answer on a connection that has been kept', async () => {
  expect(await post('/quick')).toBe('answer');
  await wait(50);
  expect(await post('/slow')).toBe('answer');
  expect(ports[1]).toBe(ports[0]);
});
