import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { STAND_IN_FINGERPRINT } from './handle-generate.ts';
import type { VllmStandInOptions } from './options.ts';
import { startVllmStandIn, type VllmStandIn } from './start-vllm-stand-in.ts';

const running: VllmStandIn[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((standIn) => standIn.close()));
});
async function start(options: VllmStandInOptions = {}): Promise<VllmStandIn> {
  const standIn = await startVllmStandIn(options);
  running.push(standIn);
  return standIn;
}

const content = `<source n="1" key="k">\nThe dose of [[PERSON_k7q2m3x]] is 50 mg.\n</source>\nQuestion: What is the dose?`;
const ANSWER = 'The dose of [[PERSON_k7q2m3x]] is 50 mg. [1]';
const messages = [{ role: 'user', content }];

const post = (standIn: VllmStandIn, body: object, signal?: AbortSignal): Promise<Response> =>
  fetch(`${standIn.url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ messages, ...body }),
    ...(signal ? { signal } : {}),
  });

interface Answer {
  readonly model: string;
  readonly system_fingerprint: string;
  readonly choices: readonly { readonly message: { readonly content: string } }[];
  readonly usage: {
    readonly prompt_tokens: number;
    readonly prompt_tokens_details: { readonly cached_tokens: number };
  };
}
const ask = async (standIn: VllmStandIn, body: object = {}): Promise<Answer> =>
  (await (await post(standIn, body)).json()) as Answer;
const cachedIn = async (standIn: VllmStandIn, body: object): Promise<number> =>
  (await ask(standIn, body)).usage.prompt_tokens_details.cached_tokens;

const deltas = (text: string): string[] =>
  [...text.matchAll(/"delta":\{(?:"role":"assistant",)?"content":("(?:[^"\\]|\\.)*")/g)].map(
    (match) => JSON.parse(match[1] ?? '') as string,
  );

describe('startVllmStandIn', () => {
  it('answers whole and streamed alike, says what it is, and shows what it saw', async () => {
    const standIn = await start();
    const whole = await ask(standIn, { cache_salt: 's' });
    expect(whole.choices[0]?.message.content).toBe(ANSWER);
    expect([whole.model, whole.system_fingerprint]).toEqual(['cloister-stand-in', STAND_IN_FINGERPRINT]);
    const pieces = deltas(await (await post(standIn, { stream: true })).text());
    expect(pieces.join('')).toBe(ANSWER);
    // A restorer must meet tokens in pieces: no piece holds a whole one.
    expect(pieces.some((piece) => piece.includes('PERSON_'))).toBe(false);
    expect(standIn.requests.map(({ method, path, body }) => [method, path, JSON.parse(body)])).toEqual([
      ['POST', '/v1/chat/completions', { messages, cache_salt: 's' }],
      ['POST', '/v1/chat/completions', { messages, stream: true }],
    ]);
  });

  it('isolates by salt, and shares with whoever sends the same, none, or a misspelt one', async () => {
    const standIn = await start();
    expect(await cachedIn(standIn, { cache_salt: 'a' })).toBe(0);
    const warm = await ask(standIn, { cache_salt: 'a' });
    const most = Math.floor((warm.usage.prompt_tokens - 1) / 16) * 16;
    expect(warm.usage.prompt_tokens_details.cached_tokens).toBe(most);
    expect(await cachedIn(standIn, { cache_salt: 'b' })).toBe(0);
    expect(await cachedIn(standIn, { cacheSalt: 'b' })).toBe(0);
    // The control: the misspelt field left everything in the shared cache.
    expect(await cachedIn(standIn, { cacheSalt: 'c' })).toBe(most);
    expect(await cachedIn(standIn, {})).toBe(most);
  });

  it.each([1, 3, 16, 32])('never reads the whole prompt from the cache: block size %i', async (blockSize) => {
    const standIn = await start({ blockSize });
    await ask(standIn);
    const { usage } = await ask(standIn);
    expect(usage.prompt_tokens_details.cached_tokens).toBe(
      Math.floor((usage.prompt_tokens - 1) / blockSize) * blockSize,
    );
  });

  it('forgets the least recently used prompt when the pool is full', async () => {
    const standIn = await start({ blocks: 4 });
    await ask(standIn, { cache_salt: 'a' });
    expect(await cachedIn(standIn, { cache_salt: 'a' })).toBeGreaterThan(0);
    await ask(standIn, { cache_salt: 'b' });
    expect(await cachedIn(standIn, { cache_salt: 'a' })).toBe(0);
  });

  it('caches the generated turn for the next one', async () => {
    const standIn = await start({ blockSize: 4 });
    const first = await ask(standIn);
    const next = [...messages, { role: 'assistant', content: ANSWER }, { role: 'user', content: 'And the dose?' }];
    expect(await cachedIn(standIn, { messages: next })).toBeGreaterThan(first.usage.prompt_tokens);
  });

  it('ends an answer at max_tokens or at a stop text', async () => {
    const standIn = await start();
    expect(await ask(standIn, { max_tokens: 2 })).toMatchObject({
      choices: [{ finish_reason: 'length' }],
      usage: { completion_tokens: 2 },
    });
    const stopped = await ask(standIn, { stop: ['is'] });
    expect(stopped).toMatchObject({
      choices: [{ message: { content: 'The dose of [[PERSON_k7q2m3x]] ' }, finish_reason: 'stop', stop_reason: 'is' }],
    });
  });

  it('aborts its work when the peer goes away', async () => {
    const standIn = await start({ millisecondsPerGeneratedToken: 60_000 });
    for (const stream of [true, false]) {
      const controller = new AbortController();
      const pending = post(standIn, { stream }, controller.signal).then((response) => response.text());
      await expect.poll(() => standIn.counters.running).toBe(1);
      controller.abort();
      await expect(pending).rejects.toMatchObject({ name: 'AbortError' });
      await expect.poll(() => standIn.counters.running).toBe(0);
    }
    expect(standIn.disconnects).toBe(2);
    expect(standIn.counters.generatedTokens).toBe(0);
  });

  it('refuses options out of range and a port in use', async () => {
    for (const options of [
      { blockSize: 0 },
      { port: 70_000 },
      { blocks: 1.5 },
      { millisecondsPerGeneratedToken: -1 },
    ]) {
      await expect(startVllmStandIn(options)).rejects.toMatchObject({ code: 'ERR_SIMULATOR_OPTION' });
    }
    const port = Number(new URL((await start()).url).port);
    await expect(startVllmStandIn({ port })).rejects.toMatchObject({ code: 'ERR_SIMULATOR_PORT' });
  });
});

/** The raw bytes of a streamed answer, and whether the connection was reset. */
async function raw(standIn: VllmStandIn): Promise<{ text: string; reset: boolean }> {
  const body = JSON.stringify({ messages, stream: true });
  const socket = connect(Number(new URL(standIn.url).port), '127.0.0.1');
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  let text = '';
  let reset = false;
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  socket.on('error', (error: NodeJS.ErrnoException) => (reset = error.code === 'ECONNRESET'));
  await new Promise((resolve) => socket.once('close', resolve));
  return { text, reset };
}

describe('faults', () => {
  it.each(['end', 'fin', 'rst'] as const)('cuts a stream after the given number of events: %s', async (how) => {
    const standIn = await start({ fault: { kind: 'cut', events: 3, how } });
    const { text, reset } = await raw(standIn);
    expect(text.match(/data: /g)?.length).toBe(3);
    expect(text).not.toContain('[DONE]');
    expect(text.endsWith('0\r\n\r\n')).toBe(how === 'end');
    expect(reset).toBe(how === 'rst');
    standIn.setFault(undefined);
    // The control: without the fault the same stream is whole, one chunk per event as the real server frames it.
    const whole = (await raw(standIn)).text;
    expect(whole).toContain('data: [DONE]\n\n\r\n0\r\n\r\n');
    expect(whole.match(/\r\n[0-9a-f]+\r\ndata: /g)?.length).toBe(whole.match(/data: /g)?.length);
    expect(standIn.counters.running).toBe(0);
  });

  it('answers with an error', async () => {
    const standIn = await start({ fault: { kind: 'error', status: 503, message: 'overloaded' } });
    const response = await post(standIn, { stream: true });
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      error: { message: 'overloaded', type: 'InternalServerError', param: null, code: 503 },
    });
  });
});
