import type { ServerResponse } from 'node:http';
import { attest, type Enclave } from '@cloister/client';
import { findCloisterError } from '@cloister/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aiSdk, langChain, type Library, openai } from './libraries.ts';
import { type LyingGateway, signReceipt, startLyingGateway } from './lying-gateway.ts';

/** CLOISTER_CUTS=full: answers of 1,000 chunks, cut at every one, at 10,000 bytes, and 300 times for each library. */
const isFull = process.env['CLOISTER_CUTS'] === 'full';
const CHUNKS = isFull ? 1000 : 60;
const BYTES = isFull ? 10_000 : 300;
const PER_LIBRARY = isFull ? 300 : 12;
const AT_ONCE = 8;
/** How an answer ends too early: as HTTP ends an answer, by closing the connection, by resetting it. */
const WAYS = ['end', 'fin', 'rst'] as const;

/** How many bytes of a sealed answer are sent, and how it ends after them. */
interface Cut {
  readonly place: number;
  readonly way: (typeof WAYS)[number];
}

const event = (content: string, reason: string | null = null): string =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason: reason }],
  })}\n\n`;
const PIECES = [
  ...Array.from({ length: CHUNKS }, (_, index) => event(`word${index} `)),
  event('', 'stop'),
  'data: [DONE]\n\n',
];

let gateway: LyingGateway;
let enclave: Enclave;
/** Answers take them in turn; without one an answer stays whole. */
const cuts: Cut[] = [];
/** Where the chunks of a whole answer end; all answers are alike in that. */
let ends: readonly number[] = [];
let wholeLength = 0;

/** Where the chunks of a sealed answer end: a nonce of 32 bytes, then chunks behind a variable-length integer. */
function chunkEnds(answer: Buffer): readonly number[] {
  const ends: number[] = [];
  for (let at = 32; at < answer.length;) {
    const size = 1 << ((answer[at] ?? 0) >> 6);
    const head = answer.readUIntBE(at, Math.min(size, 4));
    const length = size === 1 ? head & 0x3f : size === 2 ? head & 0x3fff : head & 0x3fff_ffff;
    if (length === 0) break;
    at += size + length;
    ends.push(at);
  }
  return ends;
}

/** Seals no more than it sends. */
async function send(response: ServerResponse, sealed: ReadableStream<Uint8Array>): Promise<void> {
  const cut = cuts.shift();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of sealed) {
    pieces.push(piece);
    length += piece.length;
    if (cut !== undefined && length > cut.place) break;
  }
  const answer = Buffer.concat(pieces);
  if (cut === undefined) {
    ends = chunkEnds(answer);
    wholeLength = answer.length;
    return void response.end(answer);
  }
  response.write(answer.subarray(0, Math.min(cut.place, length - 1)), () => {
    if (cut.way === 'end') response.end();
    else if (cut.way === 'fin') response.socket?.end();
    else response.socket?.resetAndDestroy();
  });
}

beforeAll(async () => {
  gateway = await startLyingGateway(async (material) => [['cloister-receipt', await signReceipt(material)]], {
    pieces: PIECES,
    send,
  });
  enclave = await attest(gateway.url, { policy: gateway.policy, roots: gateway.tee.roots });
});
afterAll(() => gateway[Symbol.asyncDispose]());

async function ask(): Promise<string> {
  const response = await enclave.fetch(`${enclave.baseURL}/chat/completions`, { method: 'POST', body: '{}' });
  return response.headers.get('cloister-error') ?? response.text();
}

/** The code of the error that a cut answer gives; its text when it looks complete. */
async function outcome(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    return findCloisterError(error)?.code ?? error;
  }
}

/** Runs some at a time, and tells what came out how often. */
async function tally(planned: readonly Cut[], work: () => Promise<unknown>): Promise<ReadonlyMap<unknown, number>> {
  const counts = new Map<unknown, number>();
  const rest = [...planned];
  const worker = async (): Promise<void> => {
    for (let cut = rest.pop(); cut !== undefined; cut = rest.pop()) {
      cuts.push(cut);
      const result = nameOf(await outcome(work));
      counts.set(result, (counts.get(result) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return counts;
}

const TYPED = ['ERR_CHANNEL_TRUNCATED', 'ERR_CLIENT_UNREACHABLE'];

/** Ours among the causes; or the library's own error over our made-up response, which holds our code. */
function nameOf(result: unknown): unknown {
  const text = result instanceof Error ? `${result.message} ${JSON.stringify(result)}` : undefined;
  return TYPED.find((code) => result === code || text?.includes(code)) ?? result;
}

/** Numbers in [0, 1) that repeat with the seed (mulberry32). */
function createSeries(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function randomCuts(count: number, seed: number): readonly Cut[] {
  const next = createSeries(seed);
  return Array.from({ length: count }, (_, index): Cut => {
    return { way: WAYS[index % WAYS.length] ?? 'end', place: Math.floor(next() * wholeLength) };
  });
}

function expectTyped(counts: ReadonlyMap<unknown, number>, total: number): void {
  expect([...counts.keys()].filter((result) => !TYPED.includes(result as string))).toEqual([]);
  expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(total);
}

describe('a sealed answer that is cut', () => {
  const library = (create: typeof openai): Library =>
    create({ enclave, apiKey: 'cl_key', model: 'm', question: 'When does the ferry leave?' });

  it('control: it is whole when it is not', async () => {
    expect(await ask()).toBe(PIECES.join(''));
    expect(ends.length).toBeGreaterThan(CHUNKS);
    for (const create of [openai, aiSdk, langChain]) {
      const pieces: string[] = [];
      await library(create).stream((text) => pieces.push(text));
      expect(pieces.join('')).toContain(`word${CHUNKS - 1}`);
    }
  });

  it('after any chunk is a typed error', { timeout: 1_800_000 }, async () => {
    const planned = WAYS.flatMap((way) =>
      // What follows the last chunk is the final one, which has no length in front.
      [0, 32, ...ends].map((place): Cut => ({ way, place })),
    );
    expectTyped(await tally(planned, ask), planned.length);
  });

  it('after any byte is a typed error', { timeout: 1_800_000 }, async () => {
    expectTyped(await tally(randomCuts(BYTES, 1), ask), BYTES);
  });

  it.each([openai, aiSdk, langChain])('is one for %o too', { timeout: 1_800_000 }, async (create) => {
    const stream = (): Promise<void> => library(create).stream(() => undefined);
    expectTyped(await tally(randomCuts(PER_LIBRARY, 2), stream), PER_LIBRARY);
  });
});
