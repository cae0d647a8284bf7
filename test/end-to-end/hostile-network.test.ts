import { attest, type AttestOptions } from '@cloister/client';
import { startSimulatedGateway, type SimulatedGateway } from '@cloister/example-gateway/start';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let running: SimulatedGateway;
let trust: Pick<AttestOptions, 'policy'> & Required<Pick<AttestOptions, 'roots'>>;
const prompt = 'PROMPT-CANARY-8811 what is written here must never leave in clear';

beforeAll(async () => {
  running = await startSimulatedGateway();
  trust = { policy: running.policy, roots: running.tee.roots };
});
afterAll(() => running[Symbol.asyncDispose]());

function chat(): RequestInit {
  const body = JSON.stringify({ model: running.model, messages: [{ role: 'user', content: prompt }] });
  return {
    method: 'POST',
    headers: { authorization: `Bearer ${running.apiKey}`, 'content-type': 'application/json' },
    body,
  };
}

/** Uses an enclave as an application would: attests, then asks. */
async function use(url: string, options: Partial<AttestOptions> = {}): Promise<Response> {
  await using enclave = await attest(url, { ...trust, ...options });
  const response = await enclave.fetch(`${enclave.baseURL}/chat/completions`, chat());
  return new Response(await response.text(), response);
}

const codeOf = async (response: Response): Promise<unknown> =>
  ((await response.json()) as { error: { code: unknown } }).error.code;
const generates = (): number =>
  running.standIn?.requests.filter(({ path }) => path === '/v1/chat/completions').length ?? 0;

/** A network that plays `play` on sealed requests and leaves evidence alone. */
function network(play: (send: () => Promise<Response>, count: number) => Promise<Response>): typeof globalThis.fetch {
  let count = 0;
  return (input, init) => (init?.method === 'POST' ? play(() => fetch(input, init), (count += 1)) : fetch(input, init));
}

describe('a hostile network', () => {
  const problem = (): Response =>
    Response.json(
      { type: 'https://iana.org/assignments/http-problem-types#ohttp-key', title: 'x' },
      { status: 400, headers: { 'content-type': 'application/problem+json' } },
    );

  it.each<[string, () => Response, string, number]>([
    ['a plaintext answer', () => Response.json({ choices: [] }), 'ERR_CLIENT_PLAINTEXT_ANSWER', 502],
    [
      'a plaintext error',
      () => Response.json({ error: { message: 'CANARY' } }, { status: 500 }),
      'ERR_CLIENT_PLAINTEXT_ANSWER',
      502,
    ],
    [
      'a page',
      () => new Response('<h1>CANARY</h1>', { status: 403, headers: { 'content-type': 'text/html' } }),
      'ERR_CLIENT_PLAINTEXT_ANSWER',
      502,
    ],
    [
      'a redirect',
      () => new Response(null, { status: 307, headers: { location: 'http://127.0.0.1:1/' } }),
      'ERR_CLIENT_REDIRECTED',
      502,
    ],
    ['a bare refusal', () => new Response(null, { status: 400 }), 'ERR_CLIENT_REFUSED', 401],
    [
      'a plaintext refusal with words',
      () => new Response('CANARY', { status: 400 }),
      'ERR_CLIENT_PLAINTEXT_ANSWER',
      502,
    ],
    ['an unknown key, for ever', problem, 'ERR_CLIENT_KEYSET_UNKNOWN', 502],
    [
      'rubbish under the right type',
      () =>
        new Response(`${'A'.repeat(32)} ${'CANARY'.repeat(9)}`, {
          headers: { 'content-type': 'message/ohttp-chunked-res' },
        }),
      'ERR_CHANNEL_DECRYPT_FAILED',
      502,
    ],
    [
      'nothing under the right type',
      () => new Response('', { headers: { 'content-type': 'message/ohttp-chunked-res' } }),
      'ERR_CHANNEL_TRUNCATED',
      502,
    ],
  ])('that answers with %s gives a typed error and none of its text', async (_, answer, code, status) => {
    const response = await use(running.url, { fetch: network(async () => answer()) });
    expect([response.status, response.headers.get('x-should-retry'), response.headers.get('cloister-error')]).toEqual([
      status,
      'false',
      code,
    ]);
    const text = await response.text();
    expect(text).toContain(code);
    expect(text).not.toContain('CANARY');
  });

  it('that answers nothing gives a typed error', async () => {
    const response = await use(running.url, { fetch: network(() => Promise.reject(new TypeError('fetch failed'))) });
    expect([response.status, await codeOf(response)]).toEqual([503, 'ERR_CLIENT_UNREACHABLE']);
  });

  it('that cuts the answer anywhere gives an error, never a shorter answer', async () => {
    const whole = await (await fetchSealedBytes()).arrayBuffer();
    for (let length = 0; length < whole.byteLength; length += 97) {
      const cut = network(async (send) => {
        const answer = await send();
        const bytes = new Uint8Array(await answer.arrayBuffer());
        return new Response(bytes.subarray(0, Math.min(length, bytes.length - 1)), answer);
      });
      const result = await use(running.url, { fetch: cut }).then(
        async (response) => codeOf(response),
        (error: unknown) => (error as { code: unknown }).code,
      );
      expect(result).toBe('ERR_CHANNEL_TRUNCATED');
    }
  });

  async function fetchSealedBytes(): Promise<Response> {
    let copy: Response | undefined;
    await use(running.url, {
      fetch: network(async (send) => {
        const answer = await send();
        copy = answer.clone();
        return answer;
      }),
    });
    if (copy === undefined) throw new Error('nothing was sent');
    return copy;
  }

  it('that forgets the keyset once costs one more attestation', async () => {
    const before = generates();
    const response = await use(running.url, {
      fetch: network(async (send, count) => (count === 1 ? problem() : send())),
    });
    expect(response.status).toBe(200);
    expect(generates()).toBe(before + 1);
  });

  it('that claims so after it delivered the request does not make it run twice', async () => {
    const before = generates();
    const twice = network(async (send, count) => {
      const answer = await send();
      if (count > 1) return answer;
      await answer.body?.cancel();
      return problem();
    });
    const response = await use(running.url, { fetch: twice });
    expect([response.status, await codeOf(response)]).toEqual([401, 'ERR_CLIENT_REFUSED']);
    expect(generates()).toBe(before + 1);
  });
});
