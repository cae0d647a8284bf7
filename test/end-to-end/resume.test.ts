import OpenAI from 'openai';
import { attest, type Enclave } from '@cloister/client';
import { findCloisterError } from '@cloister/core';
import { startSimulatedGateway, type SimulatedGateway } from '@cloister/example-gateway/start';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BreakingRelay, startBreakingRelay } from './breaking-relay.ts';

/** CLOISTER_BREAKS: connections that break in the middle of one answer, for each way. */
const BREAKS = Number(process.env['CLOISTER_BREAKS'] ?? 12);
const places = Array.from({ length: 120 }, (_, index) => `under stone ${index}`).join(', ');
const question = `The key lies ${places}. Where is the key?`;

describe.each(['fin', 'rst'] as const)('an answer whose connection breaks (%s)', (way) => {
  let gateway: SimulatedGateway;
  let relay: BreakingRelay;
  let enclave: Enclave;
  beforeAll(async () => {
    gateway = await startSimulatedGateway({
      config: { resume: { seconds: 5 } },
      standIn: { millisecondsPerGeneratedToken: 1 },
    });
    relay = await startBreakingRelay(gateway.url, way);
    enclave = await attest(relay.url, { policy: gateway.policy, roots: gateway.tee.roots, resumeAttempts: 3 });
  });
  afterAll(async () => {
    await enclave.close();
    await relay[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
  });

  const body = (): string =>
    JSON.stringify({ model: gateway.model, messages: [{ role: 'user', content: question }], stream: true });
  const send = (from: Enclave, more: RequestInit = {}): Promise<Response> =>
    from.fetch(`${from.baseURL}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.apiKey}`, 'content-type': 'application/json' },
      body: body(),
      ...more,
    });
  const textOf = (events: string): string =>
    [...events.matchAll(/"content":"((?:[^"\\]|\\.)*)"/g)]
      .map(([, text]) => JSON.parse(`"${text}"`) as string)
      .join('');
  const asked = (): number =>
    gateway.standIn?.requests.filter(({ path }) => path === '/v1/chat/completions').length ?? 0;

  it('goes on where it stopped, with its receipt; the engine is asked once', async () => {
    const whole = await (await send(enclave)).text();
    expect(textOf(whole).length).toBeGreaterThan(100);
    const [before, broken] = [asked(), relay.broken];
    relay.breakAfter(...Array.from({ length: BREAKS }, (_, index) => 4000 + ((index * 997) % 3000)));
    const response = await send(enclave);
    const events = await response.text();
    relay.breakAfter();
    expect(textOf(events)).toBe(textOf(whole));
    expect(events.endsWith('data: [DONE]\n\n')).toBe(true);
    expect((await enclave.receipt(response)).matched).toEqual({ enc: true, request: true, response: true });
    expect(asked() - before).toBe(1);
    expect(relay.broken - broken).toBeGreaterThan(BREAKS / 2);
  });

  /** Asks for the rest of the answer to `response`, as `change` makes it. @returns the status, and the bytes that came */
  async function comeBack(response: Response, change: Record<string, string> = {}): Promise<[number, number]> {
    const rest = await enclave.fetch(new URL('/.well-known/cloister/answer', enclave.baseURL), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${gateway.apiKey}`,
        'cloister-resume-id': response.headers.get('cloister-request-id') ?? '',
        ...change,
      },
    });
    return [rest.status, (await rest.bytes()).length];
  }

  it('is given to its own caller in its own session, and to nobody else', async () => {
    const response = await send(enclave);
    await response.text();
    const [status, bytes] = await comeBack(response);
    expect([status, bytes > 1000]).toEqual([200, true]);
    const none = [404, expect.any(Number)];
    expect(await comeBack(response, { authorization: `Bearer ${gateway.otherApiKey}` })).toEqual(none);
    expect(await comeBack(response, { 'cloister-cache-salt': 'cs1.another' })).toEqual(none);
    expect(await comeBack(response, { 'cloister-cache-scope': 'user' })).toEqual(none);
    expect(await comeBack(response, { 'cloister-resume-id': 'A'.repeat(22) })).toEqual(none);
    expect(await comeBack(response, { 'cloister-resume-from': String(bytes + 1) })).toEqual(none);
    expect((await comeBack(response, { 'cloister-resume-from': '-1' }))[0]).toBe(400);
    expect(await comeBack(response, { 'cloister-resume-from': String(bytes) })).toEqual([200, 0]);
  });

  it('is a typed error where answers are not kept', async () => {
    await using plain = await attest(relay.url, { policy: gateway.policy, roots: gateway.tee.roots });
    relay.breakAfter(4000);
    const error: unknown = await (await send(plain)).text().catch((thrown: unknown) => thrown);
    expect(findCloisterError(error)?.code).toBe('ERR_CHANNEL_TRUNCATED');
  });

  const isIdle = async (): Promise<void> => {
    await expect.poll(() => gateway.standIn?.counters.running, { timeout: 4000, interval: 20 }).toBe(0);
  };

  it('ends at once when its caller aborts it, and is not kept', async () => {
    const controller = new AbortController();
    const response = await send(enclave, { signal: controller.signal });
    await response.body?.getReader().read();
    expect(gateway.standIn?.counters.running).toBe(1);
    controller.abort();
    await isIdle();
    expect((await comeBack(response))[0]).toBe(404);
  });

  it('goes through an unchanged client library', async () => {
    relay.breakAfter(...Array.from({ length: 8 }, () => 5000));
    const { baseURL, fetch } = enclave;
    const openai = new OpenAI({ baseURL, fetch, apiKey: gateway.apiKey, maxRetries: 0 });
    const messages = [{ role: 'user' as const, content: question }];
    const stream = await openai.chat.completions.create({ model: gateway.model, messages, stream: true });
    const chunks = await Array.fromAsync(stream);
    relay.breakAfter();
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toContain('under stone 119');
  });
});
