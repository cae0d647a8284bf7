import OpenAI, { type APIError, AuthenticationError } from 'openai';
import { attest, type Enclave } from '@cloister/client';
import { findCloisterError } from '@cloister/core';
import { startSimulatedGateway, type SimulatedGateway } from '@cloister/example-gateway/start';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

let running: SimulatedGateway;
let enclave: Enclave;
let openai: OpenAI;

beforeAll(async () => {
  running = await startSimulatedGateway();
  enclave = await attest(running.url, { policy: running.policy, roots: running.tee.roots });
  openai = new OpenAI({ baseURL: enclave.baseURL, apiKey: running.apiKey, fetch: enclave.fetch });
});
afterAll(async () => {
  await enclave.close();
  await running[Symbol.asyncDispose]();
});
afterEach(() => running.standIn?.setFault(undefined));

const ask = (content: string): { model: string; messages: { role: 'user'; content: string }[] } => ({
  model: running.model,
  messages: [{ role: 'user', content }],
});
const question = 'The ferry leaves at nine. The bus leaves at ten. When does the ferry leave?';

async function failure(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('it should have failed');
}

describe("OpenAI's client, unchanged, through the enclave", () => {
  it('lists models', async () => {
    const models = await openai.models.list();
    expect(models.data.map(({ id }) => id)).toEqual([running.model]);
  });

  it('gets the answer that the engine gives', async () => {
    const plain = new OpenAI({ baseURL: `${running.standIn?.url}/v1`, apiKey: 'none' });
    const [sealed, direct] = [
      await openai.chat.completions.create(ask(question)),
      await plain.chat.completions.create(ask(question)),
    ];
    expect(sealed.choices).toEqual(direct.choices);
    expect(sealed.choices[0]?.message.content).toContain('ferry leaves at nine');
  });

  it('streams, event by event, and has a verified receipt afterwards', async () => {
    const { data, response } = await openai.chat.completions
      .create({ ...ask(question), stream: true, stream_options: { include_usage: true } })
      .withResponse();
    await expect(enclave.receipt(response)).rejects.toMatchObject({ code: 'ERR_CLIENT_RECEIPT_PENDING' });
    const parts: string[] = [];
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of data) {
      parts.push(chunk.choices[0]?.delta.content ?? '');
      usage ??= chunk.usage;
    }
    expect(parts.length).toBeGreaterThan(4);
    expect(parts.join('')).toContain('ferry leaves at nine');
    const { receipt, matched } = await enclave.receipt(response);
    expect(matched).toEqual({ enc: true, request: true, response: true });
    expect(receipt).toMatchObject({
      model: running.model,
      scope: 'session',
      deployment: enclave.identity.deployment,
      usage: { input: usage?.prompt_tokens, output: usage?.completion_tokens },
    });
  });

  it('uses the other endpoints', async () => {
    const completion = await openai.completions.create({ model: running.model, prompt: question, max_tokens: 4 });
    expect(completion.choices).toHaveLength(1);
    const stream = await openai.completions.create({
      model: running.model,
      prompt: question,
      max_tokens: 4,
      stream: true,
    });
    expect((await Array.fromAsync(stream)).length).toBeGreaterThan(1);
  });

  it('shares the cache with itself and with nobody else', async () => {
    const long = `${'The harbour master writes a long report about the weather. '.repeat(20)}${question}`;
    const cached = async (client: OpenAI): Promise<number | undefined> =>
      (await client.chat.completions.create(ask(long))).usage?.prompt_tokens_details?.cached_tokens;
    expect(await cached(openai)).toBe(0);
    expect(await cached(openai)).toBeGreaterThan(0);
    const again = await attest(running.url, { policy: running.policy, roots: running.tee.roots });
    const other = { baseURL: again.baseURL, fetch: again.fetch };
    expect(await cached(new OpenAI({ ...other, apiKey: running.apiKey }))).toBe(0);
    expect(await cached(new OpenAI({ ...other, apiKey: running.otherApiKey }))).toBe(0);
  });

  it('keeps twenty parallel requests apart', async () => {
    const numbers = Array.from({ length: 20 }, (_, index) => 1000 + index * 7);
    const answers = await Promise.all(
      numbers.map(async (number, index) => {
        const stream = index % 2 === 0;
        const content = `The secret number is ${number}. What is the secret number?`;
        if (!stream) return (await openai.chat.completions.create(ask(content))).choices[0]?.message.content ?? '';
        const chunks = await Array.fromAsync(await openai.chat.completions.create({ ...ask(content), stream }));
        return chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
      }),
    );
    for (const [index, answer] of answers.entries()) {
      expect(answer).toContain(String(numbers[index]));
      for (const other of numbers) if (other !== numbers[index]) expect(answer).not.toContain(String(other));
    }
  });
});

describe("errors through OpenAI's client", () => {
  it('a wrong API key is an authentication error, tried once', async () => {
    let calls = 0;
    const fetch: typeof globalThis.fetch = (...input) => {
      calls += 1;
      return enclave.fetch(...input);
    };
    const stranger = new OpenAI({ baseURL: enclave.baseURL, apiKey: 'ck_unknown', fetch });
    const error = await failure(() => stranger.chat.completions.create(ask(question)));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect((error as APIError).code).toBe('ERR_CLIENT_REFUSED');
    expect(calls).toBe(1);
  });

  it('an unknown model and a refused member are errors of ours', async () => {
    const unknown = await failure(() => openai.chat.completions.create({ ...ask(question), model: 'another' }));
    expect(unknown).toMatchObject({ status: 404, code: 'ERR_GATEWAY_ENGINE_REFUSED' });
    const refused = await failure(() => openai.chat.completions.create({ ...ask(question), store: true }));
    expect(refused).toMatchObject({ status: 400, code: 'ERR_GATEWAY_FIELD_REFUSED', param: 'store' });
  });

  it('what is refused unread keeps its own error', async () => {
    await using small = await startSimulatedGateway({ config: { maxBodyBytes: 2000, replayCapacity: 4 } });
    await using inside = await attest(small.url, { policy: small.policy, roots: small.tee.roots });
    const client = new OpenAI({ baseURL: inside.baseURL, apiKey: small.apiKey, fetch: inside.fetch, maxRetries: 0 });
    const large = await failure(() => client.chat.completions.create(ask('x'.repeat(3000))));
    expect(large).toMatchObject({ status: 413, code: 'ERR_GATEWAY_BODY_TOO_LARGE' });
    await client.models.list();
    expect(await failure(() => client.models.list())).toMatchObject({
      status: 503,
      code: 'ERR_GATEWAY_REPLAY_WINDOW_FULL',
    });
  });

  it('what the engine says in an error stays inside', async () => {
    const canary = 'CANARY: your prompt was';
    running.standIn?.setFault({ kind: 'error', status: 400, message: canary });
    const error = await failure(() => openai.chat.completions.create(ask(question)));
    expect(error).toMatchObject({ status: 400, code: 'ERR_GATEWAY_ENGINE_REFUSED' });
    expect(JSON.stringify(error) + String((error as Error).message)).not.toContain(canary);
    // Control: without the enclave the same client shows it.
    const plain = new OpenAI({ baseURL: `${running.standIn?.url}/v1`, apiKey: 'none' });
    expect(String((await failure(() => plain.chat.completions.create(ask(question)))) as Error)).toContain(canary);
  });

  it.each(['end', 'fin', 'rst'] as const)(
    'an answer that the engine cuts (%s) is an error, not a shorter answer',
    async (how) => {
      running.standIn?.setFault({ kind: 'cut', events: 3, how });
      const seen: string[] = [];
      const error = await failure(async () => {
        for await (const chunk of await openai.chat.completions.create({ ...ask(question), stream: true })) {
          seen.push(chunk.choices[0]?.delta.content ?? '');
        }
      });
      expect(findCloisterError(error)?.code).toBe('ERR_CHANNEL_TRUNCATED');
      expect(seen.length).toBeGreaterThan(0);
      const raw = await enclave.fetch(`${enclave.baseURL}/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${running.apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ...ask(question), stream: true }),
      });
      expect(await failure(() => raw.text())).toMatchObject({ code: 'ERR_CHANNEL_TRUNCATED' });
      await expect(enclave.receipt(raw)).rejects.toMatchObject({ code: 'ERR_CLIENT_RECEIPT_UNKNOWN' });
    },
  );

  it('control: without the enclave the same cut reads as a whole answer', async () => {
    running.standIn?.setFault({ kind: 'cut', events: 3, how: 'end' });
    const plain = new OpenAI({ baseURL: `${running.standIn?.url}/v1`, apiKey: 'none' });
    const chunks = await Array.fromAsync(await plain.chat.completions.create({ ...ask(question), stream: true }));
    expect(chunks.length).toBeGreaterThan(0);
  });
});

describe('aborting', () => {
  it('before, while waiting and within the body rejects with the reason and frees the engine', async () => {
    await using slow = await startSimulatedGateway({ standIn: { millisecondsPerGeneratedToken: 40 } });
    await using inside = await attest(slow.url, { policy: slow.policy, roots: slow.tee.roots });
    const client = new OpenAI({ baseURL: inside.baseURL, apiKey: slow.apiKey, fetch: inside.fetch });
    const body = { ...ask(question), model: slow.model };
    const reason = new Error('changed my mind');
    await expect(inside.fetch(`${inside.baseURL}/models`, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const stream = await client.chat.completions.create({ ...body, stream: true });
    for await (const _ of stream) break;
    const waiting = client.chat.completions.create(body, { signal: AbortSignal.timeout(30) });
    await expect(waiting).rejects.toThrow(/abort/i);
    await expect.poll(() => slow.standIn?.disconnects, { timeout: 10_000 }).toBe(2);
    expect(slow.standIn?.counters.running).toBe(0);
  });
});
