import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { attest } from '@cloister/client';
import { systemRandom, toBase64url } from '@cloister/core';
import { createGateway } from '@cloister/gateway';
import { startSimulatedGateway, type SimulatedGateway } from '@cloister/example-gateway/start';
import { createApiKeyDirectory } from '@cloister/tenancy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRawClient, type RawClient } from './raw-client.ts';

let running: SimulatedGateway;
let raw: RawClient;
const refusals: string[] = [];

beforeAll(async () => {
  running = await startSimulatedGateway({
    onRefusal: ({ code }) => refusals.push(code),
    config: { maxBodyBytes: 100_000 },
  });
  raw = await createRawClient(running.url, running.apiKey);
});
afterAll(() => running[Symbol.asyncDispose]());

const generates = (): number =>
  running.standIn?.requests.filter(({ path }) => path === '/v1/chat/completions').length ?? 0;
const chat = (more: object = {}): string =>
  JSON.stringify({
    model: running.model,
    messages: [{ role: 'user', content: 'Say something.' }],
    max_tokens: 8,
    ...more,
  });
const codeOf = (text: string): unknown => (JSON.parse(text) as { error: { code: unknown } }).error.code;
const lastSeen = (): { cache_salt: string; user?: string } =>
  JSON.parse(running.standIn?.requests.at(-1)?.body ?? '{}') as { cache_salt: string; user?: string };

describe('evidence', () => {
  const ask = (query: string): Promise<Response> => fetch(`${running.url}/.well-known/cloister/evidence${query}`);

  it.each([
    '',
    '?nonce=',
    `?nonce=${'A'.repeat(42)}`,
    `?nonce=${'A'.repeat(44)}`,
    `?nonce=${'A'.repeat(42)}+`,
    `?nonce=${'A'.repeat(42)}B`,
    `?nonce=${'A'.repeat(43)}&x=1`,
  ])('refuses the query %j', async (query) => {
    const response = await ask(query);
    expect([response.status, codeOf(await response.text())]).toEqual([400, 'ERR_GATEWAY_NONCE_INVALID']);
  });

  it('is given to many callers at once, each with its own nonce', async () => {
    const nonces = Array.from({ length: 40 }, () => toBase64url(systemRandom(32)));
    const bundles = await Promise.all(
      nonces.map(async (nonce) => (await ask(`?nonce=${nonce}`)).json() as Promise<{ nonce: string }>),
    );
    expect(bundles.map(({ nonce }) => nonce)).toEqual(nonces);
    const others = { policy: running.policy, roots: running.tee.roots };
    const enclaves = await Promise.all(Array.from({ length: 20 }, () => attest(running.url, others)));
    expect(new Set(enclaves.map(({ identity }) => identity.deployment)).size).toBe(1);
  });

  it('is all that a stranger reaches', async () => {
    for (const path of ['/', '/v1/models', '/metrics', '/v1/chat/completions', '/.well-known/ohttp-gateway']) {
      expect((await fetch(`${running.url}${path}`)).status).toBe(404);
    }
  });
});

describe('before the caller is known', () => {
  it('every failure looks the same from outside', async () => {
    const before = generates();
    const { bytes } = await raw.seal({ body: chat() });
    const broken = Uint8Array.from(bytes);
    broken[60] = (broken[60] ?? 0) ^ 1;
    const late = new Date(Date.now() - 400_000).toUTCString();
    const sealed = [
      broken,
      bytes.subarray(0, 40),
      new Uint8Array(0),
      (await raw.seal({ body: chat(), headers: { authorization: 'Bearer ck_wrong' } })).bytes,
      (await raw.seal({ body: chat(), headers: { authorization: undefined } })).bytes,
      (await raw.seal({ body: chat(), headers: { date: late } })).bytes,
      (await raw.seal({ body: chat(), headers: { date: undefined } })).bytes,
      (await raw.seal({ body: chat(), headers: { 'cloister-request-id': 'short' } })).bytes,
      (await raw.seal({ body: chat(), headers: { 'x-large': 'x'.repeat(40_000) } })).bytes,
    ];
    refusals.length = 0;
    for (const request of sealed) {
      const response = await raw.send(request);
      expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([400, null, '']);
    }
    expect(refusals).toContain('ERR_GATEWAY_NOT_OPENED');
    expect(refusals).toContain('ERR_GATEWAY_NOT_AUTHENTICATED');
    expect(refusals).toContain('ERR_GATEWAY_DATE_REFUSED');
    expect(generates()).toBe(before);
  });

  it('a keyset that is not held is told apart', async () => {
    const { bytes } = await raw.seal({ body: chat() });
    const response = await raw.send(bytes, '0'.repeat(64));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ type: expect.stringContaining('ohttp-key') as string });
  });
});

describe('slow callers', () => {
  /** Sends the first bytes of a sealed request, then nothing until the answer is there. */
  async function stall(
    sent: number,
    config: object,
  ): Promise<{ readonly status: number; readonly codes: readonly string[] }> {
    const codes: string[] = [];
    await using slow = await startSimulatedGateway({ config, onRefusal: ({ code }) => codes.push(code) });
    const client = await createRawClient(slow.url, slow.apiKey);
    const { bytes } = await client.seal({ body: chat({ note: 'x'.repeat(60_000) }) });
    const outgoing = request(`${slow.url}/.well-known/ohttp-gateway?keyset=${client.keyset}`, {
      method: 'POST',
      headers: { 'content-type': 'message/ohttp-chunked-req', 'content-length': bytes.length },
    });
    outgoing.on('error', () => undefined).write(bytes.subarray(0, sent));
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    outgoing.destroy();
    expect(slow.standIn?.requests.filter(({ method }) => method === 'POST')).toEqual([]);
    return { status: incoming.statusCode ?? 0, codes };
  }

  it('are refused when the header section is late', async () => {
    expect(await stall(20, { headerMilliseconds: 50 })).toEqual({ status: 400, codes: ['ERR_GATEWAY_HEADER_LATE'] });
  });

  it('are refused under the seal when the content is late', async () => {
    expect(await stall(30_000, { bodyMilliseconds: 50 })).toEqual({ status: 200, codes: ['ERR_GATEWAY_BODY_LATE'] });
  });
});

describe('replay', () => {
  it('runs a captured request once', async () => {
    const before = generates();
    const { bytes } = await raw.seal({ body: chat() });
    const statuses = (await Promise.all([raw.send(bytes), raw.send(bytes), raw.send(bytes)])).map(
      ({ status }) => status,
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect((await raw.send(bytes)).status).toBe(400);
    expect(generates()).toBe(before + 1);
    expect(refusals).toContain('ERR_GATEWAY_REPLAYED');
  });

  it('runs a request id once, however it is sealed', async () => {
    const headers = { 'cloister-request-id': toBase64url(systemRandom(16)) };
    expect((await raw.call({ body: chat(), headers })).status).toBe(200);
    expect((await raw.call({ body: chat(), headers })).outer).toBe(400);
  });

  it('refuses newcomers when the window is full, and says so under the seal', async () => {
    await using small = await startSimulatedGateway({ config: { replayCapacity: 2 } });
    const client = await createRawClient(small.url, small.apiKey);
    const body = JSON.stringify({ model: small.model, messages: [{ role: 'user', content: 'Hello' }] });
    const first = await client.seal({ body });
    expect((await client.send(first.bytes)).status).toBe(200);
    const second = await client.call({ body });
    expect([second.status, codeOf(second.text)]).toEqual([503, 'ERR_GATEWAY_REPLAY_WINDOW_FULL']);
    expect((await client.send(first.bytes)).status).toBe(400);
    expect(small.standIn?.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });
});

describe('the cache salt', () => {
  it('is demanded', async () => {
    const before = generates();
    for (const body of [chat(), chat({ cache_salt: null })]) {
      const answer = await raw.call({ body, headers: { 'cloister-cache-salt': undefined } });
      expect([answer.status, codeOf(answer.text)]).toEqual([400, 'ERR_GATEWAY_SALT_MISSING']);
    }
    expect(generates()).toBe(before);
  });

  it('reaches the engine as one of the gateway, bound to the caller', async () => {
    const other = await createRawClient(running.url, running.otherApiKey);
    const salts: string[] = [];
    for (const client of [raw, raw, other]) {
      expect((await client.call({ body: chat({ cache_salt: 'the same' }) })).status).toBe(200);
      salts.push(lastSeen().cache_salt);
    }
    expect(salts[0]).toMatch(/^cg1\.[A-Za-z0-9_-]{43}$/);
    expect(salts[1]).toBe(salts[0]);
    expect(salts[2]).not.toBe(salts[0]);
  });

  it('in the body counts before one in the header', async () => {
    await raw.call({ body: chat({ cache_salt: 'mine' }), headers: { 'cloister-cache-salt': 'yours' } });
    const both = lastSeen().cache_salt;
    await raw.call({ body: chat({ cache_salt: 'mine' }), headers: { 'cloister-cache-salt': undefined } });
    expect(lastSeen().cache_salt).toBe(both);
    await raw.call({ body: chat(), headers: { 'cloister-cache-salt': 'yours' } });
    expect(lastSeen().cache_salt).not.toBe(both);
  });

  it('depends on the scope, and groups must be the caller’s own', async () => {
    const salts = new Set<string>();
    const scopes = [
      {},
      { 'cloister-cache-scope': 'user' },
      { 'cloister-cache-scope': 'tenant' },
      { 'cloister-cache-scope': 'group', 'cloister-cache-group': 'everyone' },
    ];
    for (const headers of scopes) {
      expect((await raw.call({ body: chat({ cache_salt: 'x' }), headers })).status).toBe(200);
      salts.add(lastSeen().cache_salt);
    }
    expect(salts.size).toBe(4);
    const foreign = await raw.call({
      body: chat(),
      headers: { 'cloister-cache-scope': 'group', 'cloister-cache-group': 'board' },
    });
    expect([foreign.status, codeOf(foreign.text)]).toEqual([403, 'ERR_GATEWAY_SCOPE_REFUSED']);
    expect((await raw.call({ body: chat(), headers: { 'cloister-cache-scope': 'world' } })).status).toBe(400);
  });
});

describe('the wire policy', () => {
  it.each([
    [{ body: '{"a":1,"a":2}' }, 400, 'ERR_GATEWAY_BODY_DUPLICATE_MEMBER'],
    [{ body: 'SECRET' }, 400, 'ERR_GATEWAY_BODY_NOT_JSON'],
    [{ body: '{"kv_transfer_params":{}}' }, 400, 'ERR_GATEWAY_FIELD_REFUSED'],
    [{ body: `{"a":"${'x'.repeat(100_000)}"}` }, 413, 'ERR_GATEWAY_BODY_TOO_LARGE'],
    [{ path: '/v1/chat/completions?a=b', body: '{}' }, 404, 'ERR_GATEWAY_ROUTE_UNKNOWN'],
    [{ path: '/metrics', method: 'GET' }, 404, 'ERR_GATEWAY_ROUTE_UNKNOWN'],
    [{ path: '/v1/../metrics', method: 'GET' }, 404, 'ERR_GATEWAY_ROUTE_UNKNOWN'],
    [{ path: '/invocations', body: '{}' }, 404, 'ERR_GATEWAY_ROUTE_UNKNOWN'],
    [{ path: '/v1/models', method: 'DELETE' }, 404, 'ERR_GATEWAY_ROUTE_UNKNOWN'],
  ])('refuses under the seal %#', async (request, status, code) => {
    const before = running.standIn?.requests.length;
    const answer = await raw.call(request);
    expect([answer.outer, answer.status, codeOf(answer.text)]).toEqual([200, status, code]);
    expect(running.standIn?.requests.length).toBe(before);
  });

  it('passes no header of the caller on', async () => {
    await raw.call({
      body: chat({ user: 'Ada' }),
      headers: { 'x-request-id': 'CANARY', 'x-data-parallel-rank': '1', cookie: 'CANARY' },
    });
    const seen = running.standIn?.requests.at(-1);
    expect(Object.keys(seen?.headers ?? {}).toSorted()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'content-length',
      'content-type',
      'host',
    ]);
    expect(lastSeen().user).toMatch(/^cu1\./);
  });
});

describe('the engine', () => {
  it('must be on the loopback interface', async () => {
    const principals = createApiKeyDirectory([], { issuer: 'x' });
    const made = createGateway({
      config: { upstream: 'http://10.0.0.5:8000' },
      evidence: running.tee.provider,
      principals,
    });
    await expect(made).rejects.toMatchObject({ code: 'ERR_GATEWAY_UPSTREAM_NOT_LOOPBACK' });
  });

  it('says nothing in its errors to the caller', async () => {
    const canary = 'CANARY-prompt-4711';
    for (const [status, expected, code] of [
      [400, 400, 'ERR_GATEWAY_ENGINE_REFUSED'],
      [404, 404, 'ERR_GATEWAY_ENGINE_REFUSED'],
      [401, 502, 'ERR_GATEWAY_ENGINE_FAILED'],
      [500, 502, 'ERR_GATEWAY_ENGINE_FAILED'],
      [503, 503, 'ERR_GATEWAY_ENGINE_BUSY'],
    ] as const) {
      running.standIn?.setFault({ kind: 'error', status, message: canary });
      const answer = await raw.call({ body: chat() });
      expect([answer.status, codeOf(answer.text)]).toEqual([expected, code]);
      expect(answer.text).not.toContain(canary);
      // Control: the engine itself does say it.
      const direct = await fetch(`${running.standIn?.url}/v1/chat/completions`, { method: 'POST', body: chat() });
      expect(await direct.text()).toContain(canary);
    }
    running.standIn?.setFault(undefined);
  });

  it('that is gone gives an error of ours', async () => {
    await using short = await startSimulatedGateway();
    const client = await createRawClient(short.url, short.apiKey);
    await short.standIn?.close();
    const answer = await client.call({ body: chat() });
    expect([answer.status, codeOf(answer.text)]).toEqual([502, 'ERR_GATEWAY_ENGINE_UNREACHABLE']);
  });

  it('gets nothing before the final chunk has opened', async () => {
    const before = generates();
    for (const part of [0.01, 0.4, 0.7, 0.99]) {
      const { bytes } = await raw.seal({ body: chat({ note: 'x'.repeat(60_000) }) });
      const { status, body } = await raw.send(bytes.subarray(0, Math.floor(bytes.length * part)));
      await body?.cancel();
      expect(status).toBe(part < 0.02 ? 400 : 200);
    }
    expect(generates()).toBe(before);
    expect((await raw.call({ body: chat({ note: 'x'.repeat(60_000) }) })).status).toBe(200);
    expect(generates()).toBe(before + 1);
  });
});

describe('closing', () => {
  it('may happen twice and ends the service', async () => {
    const short = await startSimulatedGateway();
    await short.gateway.close();
    await short.gateway.close();
    await expect(fetch(short.url)).rejects.toThrow('fetch failed');
    await expect(short.gateway.listen()).rejects.toMatchObject({ code: 'ERR_GATEWAY_CLOSED' });
    await short[Symbol.asyncDispose]();
  });
});
