import { attest, type AttestOptions } from '@cloister/client';
import { startSimulatedGateway, type SimulatedGateway } from '@cloister/example-gateway/start';
import { createHostileRelay } from '@cloister/simulator/network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let running: SimulatedGateway;
let trust: AttestOptions;
let ahead = 0;
let attestations = 0;
let isDown = false;

/** A network that counts questions for evidence, and can refuse them. */
const network: typeof globalThis.fetch = async (input, init) => {
  if (init?.method === 'POST') return fetch(input, init);
  attestations += 1;
  if (isDown) throw new TypeError('down');
  return fetch(input, init);
};

beforeAll(async () => {
  running = await startSimulatedGateway({ clock: { now: () => Date.now() + ahead } });
  trust = {
    policy: { ...running.policy, maxAge: 600_000 },
    roots: running.tee.roots,
    clock: { now: () => Date.now() + ahead },
    monotonic: () => performance.now() + ahead,
    fetch: network,
  };
});
afterAll(() => running[Symbol.asyncDispose]());

const models = async (url: string, fetch: typeof globalThis.fetch): Promise<number> =>
  (await fetch(`${url}/models`, { headers: { authorization: `Bearer ${running.apiKey}` } })).status;

describe('an identity', () => {
  it('is renewed behind the requests before it ends, once, and a failure is not repeated at each', async () => {
    [ahead, attestations] = [0, 0];
    await using enclave = await attest(running.url, trust);
    const ask = (): Promise<number> => models(enclave.baseURL, enclave.fetch);
    const first = enclave.identity;
    ahead = 440_000;
    expect(await Promise.all([ask(), ask()])).toEqual([200, 200]);
    expect(attestations).toBe(1);
    [ahead, isDown] = [545_000, true];
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([200, 200, 200]);
    expect(await ask()).toBe(200);
    expect(attestations).toBe(2);
    expect(enclave.identity).toBe(first);
    [ahead, isDown] = [560_000, false];
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([200, 200, 200]);
    await expect.poll(() => enclave.identity === first).toBe(false);
    expect(attestations).toBe(3);
  });

  it.each([0, 255])('is renewed at a moment that chance chooses: %d', async (byte) => {
    [ahead, attestations] = [0, 0];
    const random = (length: number): Uint8Array =>
      length === 1 ? Uint8Array.of(byte) : globalThis.crypto.getRandomValues(new Uint8Array(length));
    await using enclave = await attest(running.url, { ...trust, random });
    ahead = 500_000;
    expect(await models(enclave.baseURL, enclave.fetch)).toBe(200);
    await expect.poll(() => attestations).toBe(byte === 0 ? 2 : 1);
  });
});

describe('a relay', () => {
  it('carries everything, and the enclave is still who it was', async () => {
    const relay = await createHostileRelay(running.url);
    const asked: string[] = [];
    const { fetch: _, ...rest } = trust;
    const recording: typeof globalThis.fetch = (input, init) => {
      asked.push(String(input instanceof Request ? input.url : input));
      return fetch(input, init);
    };
    await using enclave = await attest(running.url, { ...rest, relay: `${relay.url}/`, fetch: recording });
    expect(enclave.baseURL).toBe(`${running.url}/v1`);
    expect(await models(enclave.baseURL, enclave.fetch)).toBe(200);
    expect(asked).toHaveLength(2);
    expect(asked.every((url) => url.startsWith(`${relay.url}/.well-known/`))).toBe(true);
    await relay.close();
  });

  it.each(['', 'relay', 'ftp://x.example', 'https://u@x.example', 'https://x.example/?a', 'https://x.example/#a'])(
    'is an address: %j is none',
    async (relay) => {
      await expect(attest(running.url, { ...trust, relay })).rejects.toMatchObject({ code: 'ERR_CLIENT_URL_INVALID' });
    },
  );
});
