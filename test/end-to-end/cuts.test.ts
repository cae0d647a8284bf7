import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { attest, type Enclave } from '@cloister/client';
import { findCloisterError } from '@cloister/core';
import { startSimulatedGateway, type SimulatedGateway } from '@cloister/example-gateway/start';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aiSdk, langChain, openai } from './libraries.ts';

/** CLOISTER_CUTS=full cuts at every chunk and at 10,000 bytes, and 300 times for each library. */
const isFull = process.env['CLOISTER_CUTS'] === 'full';
const BYTES = isFull ? 10_000 : 45;
const MOST_CHUNKS = isFull ? Infinity : 10;
const PER_LIBRARY = isFull ? 300 : 12;
/** How an answer ends too early: as HTTP ends an answer, by closing the connection, by resetting it. */
const WAYS = ['end', 'fin', 'rst'] as const;
const question = `The ferry leaves at nine${', and the ferry leaves again at ten'.repeat(isFull ? 12 : 3)}. When does the ferry leave?`;

let running: SimulatedGateway;
let enclave: Enclave;
/** Where the next sealed answer is cut, by its own bytes; whole when it says nothing. */
let placeOf: ((answer: Buffer) => number) | undefined;
let way: (typeof WAYS)[number] = 'end';
let sealed = Buffer.alloc(0);

function cut(response: ServerResponse, bytes: Buffer): void {
  response.write(bytes, () => {
    if (way === 'end') response.end();
    else if (way === 'fin') response.socket?.end();
    else response.socket?.resetAndDestroy();
  });
}

const relay = createServer((request, response) => {
  const work = async (): Promise<void> => {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
    const { method = 'GET', headers } = request;
    const type = { 'content-type': headers['content-type'] ?? '' };
    const init = method === 'POST' ? { method, body, headers: type } : { method };
    const answer = await fetch(new URL(request.url ?? '/', running.url), init);
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (method === 'POST') sealed = bytes;
    if (method !== 'POST' || placeOf === undefined) response.end(bytes);
    else cut(response, bytes.subarray(0, Math.min(placeOf(bytes), bytes.length - 1)));
  };
  work().catch(() => response.destroy());
});

beforeAll(async () => {
  running = await startSimulatedGateway({ standIn: { millisecondsPerGeneratedToken: 1 } });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const { port } = relay.address() as AddressInfo;
  enclave = await attest(running.url, {
    policy: running.policy,
    roots: running.tee.roots,
    relay: `http://127.0.0.1:${port}`,
  });
});
afterAll(async () => {
  relay.closeAllConnections();
  relay.close();
  await running[Symbol.asyncDispose]();
});

/** Where the chunks of a sealed answer end: a nonce of 32 bytes, then chunks behind a variable-length integer. */
function chunkEnds(answer: Buffer): readonly number[] {
  const ends: number[] = [];
  for (let at = 32; at < answer.length;) {
    const size = 1 << ((answer[at] ?? 0) >> 6);
    const length =
      size === 1
        ? (answer[at] ?? 0) & 0x3f
        : answer.readUIntBE(at, Math.min(size, 6)) & (size === 2 ? 0x3fff : 0x3fff_ffff);
    if (length === 0) break;
    at += size + length;
    ends.push(at);
  }
  return ends;
}

async function ask(): Promise<string> {
  const response = await enclave.fetch(`${enclave.baseURL}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${running.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: running.model, messages: [{ role: 'user', content: question }], stream: true }),
  });
  const code = response.headers.get('cloister-error');
  return code ?? response.text();
}

/** The code of the error that a cut answer gives; its text when it looks complete. */
async function outcome(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    return findCloisterError(error)?.code ?? error;
  }
}

const TYPED = new Set<unknown>(['ERR_CHANNEL_TRUNCATED', 'ERR_CLIENT_UNREACHABLE']);

describe('a sealed answer that is cut', () => {
  it('control: it is whole when it is not', async () => {
    placeOf = undefined;
    expect(await ask()).toContain('[DONE]');
    expect(chunkEnds(sealed).length).toBeGreaterThan(3);
    for (const library of [openai, aiSdk, langChain]) {
      const pieces: string[] = [];
      await stream(library, (text) => pieces.push(text));
      expect(pieces.join('')).toContain('ferry');
    }
  });

  it('after any chunk is a typed error', { timeout: 600_000 }, async () => {
    placeOf = undefined;
    await ask();
    const count = chunkEnds(sealed).length;
    for (way of WAYS)
      for (let index = 0; index < count; index += Math.ceil(count / Math.min(count, MOST_CHUNKS))) {
        placeOf = (answer) => chunkEnds(answer)[index] ?? 0;
        expect(TYPED).toContain(await outcome(ask));
      }
  });

  it('after any byte is a typed error', { timeout: 1_800_000 }, async () => {
    for (let count = 0; count < BYTES; count++) {
      way = WAYS[count % 3] ?? 'end';
      placeOf = ({ length }) => Math.floor(Math.random() * length);
      expect(TYPED).toContain(await outcome(ask));
    }
  });

  it.each([openai, aiSdk, langChain])('is one for %o too', { timeout: 1_800_000 }, async (library) => {
    for (let count = 0; count < PER_LIBRARY; count++) {
      way = WAYS[count % 3] ?? 'end';
      placeOf = ({ length }) => Math.floor(Math.random() * length);
      expect(await outcome(() => stream(library, () => undefined))).toSatisfy(isTyped);
    }
  });
});

function stream(library: typeof openai, onText: (text: string) => void): Promise<void> {
  return library({ enclave, apiKey: running.apiKey, model: running.model, question }).stream(onText);
}

/** Ours among the causes; or the library's own error over our made-up response, which holds our code. */
function isTyped(result: unknown): boolean {
  return (
    TYPED.has(result) ||
    (result instanceof Error && [...TYPED].some((code) => describeError(result).includes(String(code))))
  );
}

function describeError(error: Error): string {
  return `${error.message} ${JSON.stringify(error)}`;
}
