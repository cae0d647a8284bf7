import { Agent, createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { iterate } from '../../test/iterate.ts';
import { callEngine } from './call-engine.ts';
import type { CallDeadlines } from './call-deadline.ts';
import type { EngineAnswer, EngineCall } from './call-engine.ts';
import { parseUpstream } from '../config/parse-upstream.ts';
import type { Upstream } from '../config/parse-upstream.ts';

const agent = new Agent({ keepAlive: false });
let upstream: Upstream;
let answer: (response: ServerResponse) => void;
let closed = 0;
const server = createServer((request, response) => {
  request.resume();
  response.once('close', () => (closed += response.writableFinished ? 0 : 1));
  answer(response);
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  upstream = parseUpstream(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterAll(() => server.close());

const deadlines: CallDeadlines = { connect: 5000, firstByte: 5000, total: 5000 };

function call(options: Partial<EngineCall> = {}): Promise<EngineAnswer> {
  const signal = options.signal ?? new AbortController().signal;
  return callEngine(upstream, agent, {
    method: 'POST',
    path: '/v1/x',
    body: Buffer.from('{}'),
    silence: 5_000,
    deadlines,
    ...options,
    signal,
  });
}

async function read(engine: EngineAnswer): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of iterate(engine.body)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

it('reaches an engine behind a Unix socket', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cloister-socket-'));
  const socket = join(folder, 'engine.sock');
  const behind = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(request.url));
  });
  await new Promise<void>((resolve) => behind.listen(socket, resolve));
  const call = { method: 'GET', path: '/v1/models', silence: 5000, deadlines, signal: new AbortController().signal };
  expect(await read(await callEngine(parseUpstream(`unix:${socket}`), agent, call))).toBe('"/v1/models"');
  behind.close();
  await rm(folder, { recursive: true });
});

describe('calls of the engine', () => {
  it('give status, type and bytes', async () => {
    answer = (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":1}');
    const engine = await call();
    expect([engine.status, engine.contentType, await read(engine)]).toEqual([200, 'application/json', '{"a":1}']);
  });

  it('notice an answer that is shorter than it says', async () => {
    answer = (response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    };
    await expect(call().then(read)).rejects.toMatchObject({ code: 'ERR_GATEWAY_ENGINE_CUT' });
    answer = (response) => {
      response.writeHead(200);
      response.write('half', () => response.destroy());
    };
    await expect(call().then(read)).rejects.toMatchObject({ code: 'ERR_GATEWAY_ENGINE_CUT' });
  });

  it.each([
    [301, 'ERR_GATEWAY_ENGINE_FAILED'],
    [400, 'ERR_GATEWAY_ENGINE_REFUSED'],
    [422, 'ERR_GATEWAY_ENGINE_REFUSED'],
    [401, 'ERR_GATEWAY_ENGINE_FAILED'],
    [429, 'ERR_GATEWAY_ENGINE_BUSY'],
    [503, 'ERR_GATEWAY_ENGINE_BUSY'],
    [500, 'ERR_GATEWAY_ENGINE_FAILED'],
  ])('turn status %d into %s and drop its words', async (status, code) => {
    answer = (response) => response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end('CANARY');
    const error: unknown = await call().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, detail: { status } });
    expect(JSON.stringify(error) + String(error)).not.toContain('CANARY');
  });

  it('give up on a silent engine, and end the connection when told to', async () => {
    answer = () => undefined;
    await expect(call({ silence: 50 })).rejects.toMatchObject({ code: 'ERR_GATEWAY_ENGINE_UNREACHABLE' });
    const controller = new AbortController();
    const before = closed;
    const waiting = call({ signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_GATEWAY_ENGINE_UNREACHABLE' });
    await expect.poll(() => closed).toBeGreaterThan(before);
  });

  it('ignore proxies named in the environment', async () => {
    const saved = process.env['http_proxy'];
    process.env['http_proxy'] = 'http://127.0.0.1:1';
    answer = (response) => response.end('direct');
    expect(await call().then(read)).toBe('direct');
    if (saved === undefined) delete process.env['http_proxy'];
    else process.env['http_proxy'] = saved;
  });

  it.each(['firstByte', 'total'] as const)('end when the deadline is over: %s', async (name) => {
    const before = closed;
    answer = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      if (name === 'total') response.write('data: 1\n\n');
      else response.flushHeaders();
    };
    const engine = await call({ deadlines: { ...deadlines, [name]: 50 } });
    await expect(read(engine)).rejects.toMatchObject({ code: 'ERR_GATEWAY_ENGINE_LATE' });
    await expect.poll(() => closed).toBe(before + 1);
  });

  it('are not late when the answer is whole, however long its caller takes', async () => {
    answer = (response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: 1\n\n');
    let began = 0;
    const engine = await call({ deadlines: { ...deadlines, firstByte: 50 }, onFirstByte: () => began++ });
    expect(await read(engine)).toBe('data: 1\n\n');
    expect(began).toBe(1);
  });
});
