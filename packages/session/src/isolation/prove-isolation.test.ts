import { startVllmStandIn, type VllmFault, type VllmStandIn, type VllmStandInOptions } from '@cloister/simulator/vllm';
import { afterEach, describe, expect, it } from 'vitest';
import { deriveEngineSalt } from '../derive-engine-salt.ts';
import { engineBootId } from './engine-boot-id.ts';
import type { IsolationReport } from './isolation-report.ts';
import { proveIsolation, type ProveIsolationOptions } from './prove-isolation.ts';
import { requireIsolation } from './require-isolation.ts';
import type { ProbeTarget } from './send-probe.ts';

const engineKey = new Uint8Array(32).fill(5);
let engine: VllmStandIn;
afterEach(() => engine.close());

async function start(options: VllmStandInOptions = {}): Promise<void> {
  engine = await startVllmStandIn(options);
}

/** A principal behind a gateway: the salt on the wire is bound to who asks. */
function principal(subject: string, bind = true): ProbeTarget {
  const salted = (salt: string): string =>
    JSON.stringify(deriveEngineSalt({ key: engineKey, scope: 'session', owner: ['i', 't', subject], salt }));
  return {
    baseURL: `${engine.url}/v1`,
    fetch: (url, init) => {
      const body = String(init?.body as string).replace(/"(cs1\.[\w-]{43})"/, (text, salt: string) =>
        bind ? salted(salt) : text,
      );
      return fetch(url, { ...init, body });
    },
    engine: async () => engineBootId(await (await fetch(`${engine.url}/metrics`)).text()),
  };
}

function prove(change: Partial<ProveIsolationOptions> = {}): Promise<IsolationReport> {
  return proveIsolation({ model: engine.model, own: principal('a'), other: principal('b'), letters: 512, ...change });
}

describe('proveIsolation', () => {
  it('passes on an engine that honours salts, with one hit and three misses', async () => {
    await start({ blockSize: 128 });
    const report = await prove({ letters: 2048 });
    expect(report).toMatchObject({ verdict: 'isolated', model: engine.model });
    expect(report.arms.map(({ arm }) => arm)).toEqual(['cold', 'other', 'warm', 'epoch']);
    expect(report.arms.map(({ cachedTokens = 0 }) => cachedTokens > 0)).toEqual([false, false, true, false]);
    expect(report.arms.every(({ engine: boot }) => boot === report.engine && boot?.length === 64)).toBe(true);
    expect(engine.requests.filter(({ path }) => path.endsWith('completions')).length).toBe(4);
    expect(() => requireIsolation(report)).not.toThrow();
  });

  it('asks a fresh text every time and says nothing of it', async () => {
    await start();
    const reports = [await prove(), await prove()];
    const texts = engine.requests
      .filter(({ method }) => method === 'POST')
      .map(({ body }) => (JSON.parse(body) as { messages: { content: string }[] }).messages[0]?.content ?? '');
    expect(new Set(texts).size).toBe(2);
    for (const text of texts) expect(JSON.stringify(reports)).not.toContain(text.slice(0, 11));
    expect(JSON.stringify(reports)).not.toMatch(/c[sg]1\./);
  });

  const faults: readonly (readonly [VllmFault & { readonly kind: 'salt' }, string])[] = [
    [{ kind: 'salt', how: 'dropped' }, 'ERR_SESSION_ISOLATION_SALT_DROPPED'],
    [{ kind: 'salt', how: 'misspelt' }, 'ERR_SESSION_ISOLATION_SALT_MISSPELT'],
    [{ kind: 'salt', how: 'constant' }, 'ERR_SESSION_ISOLATION_SALT_CONSTANT'],
    [{ kind: 'salt', how: 'connector' }, 'ERR_SESSION_ISOLATION_SALT_IGNORED'],
  ];
  it.each(faults)('names %j', async (fault, code) => {
    await start({ fault });
    const report = await prove();
    expect(report).toMatchObject({ verdict: 'failed', code });
    expect(() => requireIsolation(report)).toThrow(expect.objectContaining({ code }));
    engine.setFault(undefined);
    expect((await prove()).verdict).toBe('isolated');
  });

  it('fails without a cache, and when the text is shorter than its blocks', async () => {
    await start({ prefixCaching: false });
    expect(await prove()).toMatchObject({ verdict: 'failed', code: 'ERR_SESSION_ISOLATION_CACHE_OFF' });
    await engine.close();
    await start({ blockSize: 1024 });
    expect(await prove()).toMatchObject({ verdict: 'failed', code: 'ERR_SESSION_ISOLATION_CACHE_OFF' });
  });

  it('fails when nothing binds the salt to its owner', async () => {
    await start();
    expect(await prove({ own: principal('a', false), other: principal('b', false) })).toMatchObject({
      verdict: 'failed',
      code: 'ERR_SESSION_ISOLATION_OWNER_IGNORED',
    });
  });

  it('claims less without a second principal, and still sees lost salts', async () => {
    await start();
    const alone = { model: engine.model, own: principal('a'), letters: 512 };
    const report = await proveIsolation(alone);
    expect(report.verdict).toBe('salt-honoured');
    expect(() => requireIsolation(report, 'salt-honoured')).not.toThrow();
    expect(() => requireIsolation(report)).toThrow(
      expect.objectContaining({ code: 'ERR_SESSION_ISOLATION_ONE_PRINCIPAL' }),
    );
    engine.setFault({ kind: 'salt', how: 'dropped' });
    expect((await proveIsolation(alone)).code).toBe('ERR_SESSION_ISOLATION_SALT_DROPPED');
  });

  it.each([1, 2, 3])('is inconclusive when the engine restarts before arm %i', async (arm) => {
    await start();
    let asked = 0;
    const own = principal('a');
    const restarting: typeof fetch = async (url, init) => {
      if (asked++ === arm) engine.restart();
      return own.fetch(url, init);
    };
    const both = { ...own, fetch: restarting };
    expect(await prove({ own: both, other: { ...principal('b'), fetch: restarting } })).toMatchObject({
      verdict: 'inconclusive',
      code: 'ERR_SESSION_ISOLATION_ENGINE_CHANGED',
    });
  });

  it('is inconclusive when the engine is unknown, silent about its cache, or refuses', async () => {
    await start({ promptTokensDetails: false });
    expect((await prove()).code).toBe('ERR_SESSION_ISOLATION_USAGE');
    const unnamed = { baseURL: `${engine.url}/v1`, fetch };
    expect(await prove({ own: unnamed })).toMatchObject({
      verdict: 'inconclusive',
      code: 'ERR_SESSION_ISOLATION_ENGINE_UNKNOWN',
    });
    engine.setFault({ kind: 'error', status: 503, message: 'CANARY' });
    const report = await prove();
    expect(report).toMatchObject({ verdict: 'inconclusive', code: 'ERR_SESSION_ISOLATION_REQUEST', status: 503 });
    expect(JSON.stringify(report)).not.toContain('CANARY');
    const dead: typeof fetch = () => Promise.reject(new TypeError('CANARY'));
    expect((await prove({ own: { ...unnamed, fetch: dead } })).verdict).toBe('inconclusive');
  });

  it('does not believe a hit before anybody has asked', async () => {
    await start();
    const lying: typeof fetch = async (url, init) => {
      const answer = await (await principal('a').fetch(url, init)).text();
      return new Response(answer.replace(/"cached_tokens":\d+/, '"cached_tokens":64'));
    };
    const first = { ...principal('a'), fetch: lying };
    expect(await prove({ own: first })).toMatchObject({
      verdict: 'failed',
      code: 'ERR_SESSION_ISOLATION_SALT_CONSTANT',
    });
  });

  it.each([
    [{ letters: 255 }, 'letters'],
    [{ letters: 70_000 }, 'letters'],
    [{ model: '' }, 'model'],
    [{ identity: new Uint8Array(31) }, 'identity'],
  ])('refuses %j', async (change, subject) => {
    await start();
    await expect(prove(change)).rejects.toMatchObject({ code: 'ERR_SESSION_DERIVATION', subject });
  });
});
