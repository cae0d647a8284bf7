import { attest, type AttestOptions, errorOfResponse } from '@cloister/client';
import { createHostileRelay, createTcpTap } from '@cloister/simulator/network';
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
describe('before the verdict', () => {
  async function capture(
    rewriteJson?: (path: string, body: string) => string,
  ): Promise<{ readonly wire: string; readonly outcome: unknown }> {
    const relay = await createHostileRelay(running.url, rewriteJson === undefined ? {} : { rewriteJson });
    const tap = await createTcpTap(relay.url);
    const outcome = await use(tap.url).catch((error: unknown) => error);
    const wire = tap.captured().toString('latin1');
    await tap.close();
    await relay.close();
    return { wire, outcome };
  }
  const requestLines = (wire: string): readonly string[] => wire.match(/^(?:GET|POST|PUT|OPTIONS) \S+/gm) ?? [];

  it('control: with good evidence the sealed request follows, and shows nothing of the prompt', async () => {
    const { wire, outcome } = await capture();
    expect((outcome as Response).status).toBe(200);
    expect(requestLines(wire).map((line) => line.split('?')[0])).toEqual([
      'GET /.well-known/cloister/evidence',
      'POST /.well-known/ohttp-gateway',
    ]);
    for (const secret of [prompt.slice(0, 12), running.apiKey, 'chat/completions', running.model])
      expect(wire).not.toContain(secret);
  });

  it('one changed byte of the quote: nothing but the request for evidence leaves', async () => {
    const { wire, outcome } = await capture((_, body) => {
      const bundle = JSON.parse(body) as { cpu: { quote: string } };
      const quote = Buffer.from(bundle.cpu.quote, 'base64url');
      quote.writeUInt8(quote.readUInt8(200) ^ 1, 200);
      bundle.cpu.quote = quote.toString('base64url');
      return JSON.stringify(bundle);
    });
    expect(outcome).toMatchObject({
      code: expect.stringMatching(/^ERR_EVIDENCE_/) as string,
      checks: expect.any(Array) as unknown[],
    });
    expect(requestLines(wire)).toHaveLength(1);
    expect(wire).toMatch(/^GET \/\.well-known\/cloister\/evidence\?nonce=[A-Za-z0-9_-]{43} /);
    expect(wire).not.toContain('POST');
  });

  it('evidence for another caller’s nonce is refused', async () => {
    const stale = await (await fetch(`${running.url}/.well-known/cloister/evidence?nonce=${'A'.repeat(43)}`)).text();
    const { outcome } = await capture(() => stale);
    expect(outcome).toMatchObject({ code: 'ERR_EVIDENCE_NONCE_MISMATCH' });
  });

  it('a keyset from elsewhere is refused', async () => {
    await using other = await startSimulatedGateway();
    const foreign = (await (
      await fetch(`${other.url}/.well-known/cloister/evidence?nonce=${'A'.repeat(43)}`)
    ).json()) as { keyset: string };
    const { wire, outcome } = await capture((_, body) =>
      JSON.stringify({ ...(JSON.parse(body) as object), keyset: foreign.keyset }),
    );
    expect(outcome).toMatchObject({ code: 'ERR_EVIDENCE_REPORT_DATA_MISMATCH' });
    expect(wire).not.toContain('POST');
  });
});

describe('what attest refuses', () => {
  it('a simulated TEE, unless test roots are given', async () => {
    await expect(attest(running.url, { policy: running.policy })).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_EVIDENCE_/) as string,
    });
    await using enclave = await attest(running.url, trust);
    expect(enclave.identity.simulated).toBe(true);
  });

  it('a policy that pins too little, before anything is sent', async () => {
    const silent = (): Promise<Response> => Promise.reject(new Error('something was sent'));
    const { deployment: _, ...unpinned } = running.policy;
    const policies = [unpinned, { ...running.policy, workload: {} }, {}, undefined, { ...running.policy, extra: 1 }];
    for (const policy of policies) {
      const options = { ...trust, policy: policy as typeof running.policy, fetch: silent };
      await expect(attest(running.url, options)).rejects.toMatchObject({
        code: expect.stringMatching(/^ERR_EVIDENCE_POLICY/) as string,
      });
    }
  });

  it('another deployment and another workload', async () => {
    const deployment = '00'.repeat(32);
    await expect(attest(running.url, { ...trust, policy: { ...running.policy, deployment } })).rejects.toMatchObject({
      code: 'ERR_EVIDENCE_DEPLOYMENT_MISMATCH',
    });
    const workload = { ...running.policy.workload, mrTd: '00'.repeat(48) };
    await expect(attest(running.url, { ...trust, policy: { ...running.policy, workload } })).rejects.toMatchObject({
      code: 'ERR_EVIDENCE_MEASUREMENT_MISMATCH',
    });
  });

  it.each([
    '',
    'inference.example',
    'ftp://x.example',
    'https://user@x.example',
    'https://x.example/v1',
    'https://x.example/?a=b',
    'https://x.example/#a',
  ])('the address %j', async (url) => {
    await expect(attest(url, trust)).rejects.toMatchObject({ code: 'ERR_CLIENT_URL_INVALID' });
  });

  it.each<[string, () => Response | Promise<Response>, string]>([
    ['no answer', () => Promise.reject(new TypeError('fetch failed')), 'ERR_CLIENT_EVIDENCE_UNREACHABLE'],
    ['a busy gateway', () => new Response('', { status: 503 }), 'ERR_CLIENT_EVIDENCE_UNREACHABLE'],
    [
      'a redirect',
      () => new Response(null, { status: 302, headers: { location: 'http://127.0.0.1:1/' } }),
      'ERR_CLIENT_EVIDENCE_REFUSED',
    ],
    [
      'a login page',
      () => new Response('<html>', { headers: { 'content-type': 'text/html' } }),
      'ERR_CLIENT_EVIDENCE_REFUSED',
    ],
    ['endless evidence', () => Response.json('x'.repeat(5_000_000)), 'ERR_CLIENT_EVIDENCE_TOO_LARGE'],
    ['no bundle', () => Response.json({ version: 1 }), 'ERR_EVIDENCE_BUNDLE_MALFORMED'],
  ])('%s', async (_, answer, code) => {
    await expect(attest(running.url, { ...trust, fetch: async () => answer() })).rejects.toMatchObject({ code });
  });
});

describe('an enclave in use', () => {
  it('sends nothing to other origins', async () => {
    await using enclave = await attest(running.url, trust);
    for (const url of [
      'https://api.openai.com/v1/models',
      `${running.standIn?.url}/v1/models`,
      'http://127.0.0.1:1/',
    ]) {
      const response = await enclave.fetch(url);
      expect([response.status, await codeOf(response)]).toEqual([400, 'ERR_CLIENT_FOREIGN_URL']);
      expect(errorOfResponse(response)).toMatchObject({ code: 'ERR_CLIENT_FOREIGN_URL' });
    }
  });

  it('takes every kind of input and body', async () => {
    await using enclave = await attest(running.url, trust);
    const url = new URL(`${enclave.baseURL}/chat/completions`);
    const { body, ...init } = chat();
    const bytes = Buffer.from(body as string);
    for (const response of [
      await enclave.fetch(url, chat()),
      await enclave.fetch(new Request(url, chat())),
      await enclave.fetch(url, { ...init, body: bytes }),
      await enclave.fetch(url, { ...init, body: new Blob([bytes]) }),
      await enclave.fetch(url, { ...init, body: new Blob([bytes]).stream(), duplex: 'half' } as RequestInit),
      await enclave.fetch(new Request(url, { method: 'PUT' }), chat()),
    ]) {
      expect(response.status).toBe(200);
      expect(response.url).toBe(url.href);
      expect(await response.text()).toContain('chat.completion');
    }
  });

  it('closes once and for all, as often as one likes', async () => {
    const enclave = await attest(running.url, trust);
    await enclave.close();
    await enclave.close();
    const response = await enclave.fetch(`${enclave.baseURL}/models`);
    expect([response.status, await codeOf(response)]).toEqual([400, 'ERR_CLIENT_CLOSED']);
  });

  it('has no receipt for clones, errors and strangers', async () => {
    await using enclave = await attest(running.url, trust);
    for (const response of [new Response(), await enclave.fetch('https://x.example/')]) {
      await expect(enclave.receipt(response)).rejects.toMatchObject({ code: 'ERR_CLIENT_RECEIPT_UNKNOWN' });
    }
  });
});

describe('time', () => {
  it('ends an identity by either clock, and one attestation serves all who wait', async () => {
    let attestations = 0;
    let [wall, steady] = [0, 0];
    const counting: typeof globalThis.fetch = (input, init) => {
      if (init?.method !== 'POST') attestations += 1;
      return fetch(input, init);
    };
    const policy = { ...running.policy, maxAge: 60_000 };
    const clock = { now: () => Date.now() + wall };
    const monotonic = (): number => performance.now() + steady;
    await using enclave = await attest(running.url, { ...trust, policy, clock, monotonic, fetch: counting });
    const ask = async (): Promise<number> =>
      (await enclave.fetch(`${enclave.baseURL}/chat/completions`, chat())).status;
    expect([await ask(), attestations]).toEqual([200, 1]);
    wall = 61_000;
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([200, 200, 200]);
    expect(attestations).toBe(2);
    const first = enclave.identity;
    [wall, steady] = [0, 61_000];
    expect([await ask(), attestations]).toEqual([200, 3]);
    expect(enclave.identity).not.toBe(first);
    expect(enclave.identity.digest).toEqual(first.digest);
  });

  it('that cannot be renewed refuses the request', async () => {
    let wall = 0;
    let isDown = false;
    const flaky: typeof globalThis.fetch = (input, init) =>
      isDown ? Promise.reject(new TypeError('down')) : fetch(input, init);
    const clock = { now: () => Date.now() + wall };
    await using enclave = await attest(running.url, {
      ...trust,
      policy: { ...running.policy, maxAge: 60_000 },
      clock,
      fetch: flaky,
    });
    [wall, isDown] = [61_000, true];
    const response = await enclave.fetch(`${enclave.baseURL}/chat/completions`, chat());
    expect([response.status, await codeOf(response)]).toEqual([503, 'ERR_CLIENT_EVIDENCE_UNREACHABLE']);
    isDown = false;
    expect((await enclave.fetch(`${enclave.baseURL}/chat/completions`, chat())).status).toBe(200);
  });

  it('rotates the keyset: the old one serves five minutes more, then it is gone', async () => {
    let ahead = 0;
    const clock = { now: () => Date.now() + ahead };
    await using rotating = await startSimulatedGateway({ clock, config: { keysetSeconds: 900 } });
    const options = { policy: rotating.policy, roots: rotating.tee.roots, clock };
    await using old = await attest(rotating.url, options);
    const ask = async (): Promise<number> => {
      const init = {
        ...chat(),
        headers: { authorization: `Bearer ${rotating.apiKey}`, 'content-type': 'application/json' },
      };
      return (await old.fetch(`${old.baseURL}/chat/completions`, init)).status;
    };
    const [first] = [old.identity.keysetDigest, await ask()];
    ahead = 601_000;
    await using fresh = await attest(rotating.url, options);
    expect(fresh.identity.keysetDigest).not.toEqual(first);
    expect(await ask()).toBe(200);
    expect(old.identity.keysetDigest).toEqual(first);
    ahead = 901_000;
    expect(await ask()).toBe(200);
    expect(old.identity.keysetDigest).not.toEqual(first);
  });
});
