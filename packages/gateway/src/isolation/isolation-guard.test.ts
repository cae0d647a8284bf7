import { Agent } from 'node:http';
import { createEventCodec } from '@cloister/audit';
import { systemClock, systemRandom, type AuditEvent, type AuditSink, type PrincipalClaims } from '@cloister/core';
import { startVllmStandIn, type VllmStandIn, type VllmStandInOptions } from '@cloister/simulator/vllm';
import { afterEach, describe, expect, it } from 'vitest';
import { parseGatewayConfig, type GatewayConfig } from '../config/gateway-config.ts';
import { parseUpstream } from '../config/parse-upstream.ts';
import { createMetrics } from '../operations/metrics.ts';
import { createIsolationGuard, type IsolationGuard } from './isolation-guard.ts';

const caller: PrincipalClaims = {
  issuer: 'clinic.example',
  tenant: 'clinic',
  subject: 'ada',
  groups: [],
  clearance: 'restricted',
  compartments: [],
  purpose: 'treatment',
};
let engine: VllmStandIn;
let guard: IsolationGuard;
const agent = new Agent();
let now = systemClock.now();
const events: AuditEvent[] = [];
const audit: AuditSink = {
  register: () => {},
  record: (event) => {
    createEventCodec().encode(event);
    events.push(event);
    return Promise.resolve({ index: 0, leafHash: new Uint8Array(32) });
  },
};

async function open(
  isolation: GatewayConfig['isolation'],
  standIn: VllmStandInOptions = {},
  more: { readonly sink?: AuditSink; readonly config?: Partial<GatewayConfig> } = {},
): Promise<IsolationGuard> {
  engine = await startVllmStandIn(standIn);
  events.length = 0;
  const config = parseGatewayConfig({ upstream: engine.url, ...more.config, isolation });
  const access = { config, agent, upstream: parseUpstream(engine.url), cacheKey: systemRandom(32) };
  const clock = { now: () => now };
  guard = createIsolationGuard({ engine: access, clock, metrics: createMetrics(), audit: more.sink ?? audit });
  return guard;
}

afterEach(async () => {
  guard.stop();
  await engine.close();
});

const refused = expect.objectContaining({ code: 'ERR_GATEWAY_ISOLATION_NOT_PROVEN' }) as Error;

describe('the isolation guard', () => {
  it('lets nobody pass before the proof, everybody after it, and says so in the log', async () => {
    await open({});
    expect(() => guard.require(caller)).toThrow(refused);
    expect(await guard.prove()).toMatchObject({ verdict: 'isolated' });
    expect(() => guard.require(caller)).not.toThrow();
    expect(events).toMatchObject([{ type: 'isolation.prove', outcome: 'allow', verdict: 'isolated', arms: 4 }]);
  });

  it('sends the salts that callers get: bound to the principal and never as the caller wrote them', async () => {
    await open({}, {}, { config: { cacheScopes: ['group'] } });
    await guard.prove();
    const salts = engine.requests.flatMap(({ body }) => /"cache_salt":"([^"]*)"/.exec(body)?.[1] ?? []);
    expect(salts.length).toBe(4);
    expect(salts.every((salt) => salt.startsWith('cg1.'))).toBe(true);
    expect(new Set(salts).size).toBe(3);
  });

  it.each([
    ['dropped', 'SALT_DROPPED'],
    ['misspelt', 'SALT_MISSPELT'],
    ['constant', 'SALT_CONSTANT'],
    ['connector', 'SALT_IGNORED'],
  ] as const)('refuses everybody when the salt is %s, until that is repaired', async (how, reason) => {
    await open({});
    await guard.prove();
    engine.setFault({ kind: 'salt', how });
    const code = `ERR_SESSION_ISOLATION_${reason}`;
    expect(await guard.prove()).toMatchObject({ verdict: 'failed', code });
    expect(() => guard.require(caller)).toThrow(refused);
    expect(events.at(-1)).toMatchObject({ outcome: 'deny', code });
    engine.setFault(undefined);
    await guard.prove();
    expect(() => guard.require(caller)).not.toThrow();
  });

  it('keeps a proof while the engine is busy, for two periods at most', async () => {
    await open({ everySeconds: 60 });
    await guard.prove();
    engine.setFault({ kind: 'error', status: 503, message: 'busy' });
    expect(await guard.prove()).toMatchObject({ verdict: 'inconclusive', code: 'ERR_SESSION_ISOLATION_REQUEST' });
    expect(guard.isProven).toBe(true);
    now += 120_000;
    expect(guard.isProven).toBe(false);
  });

  it('does not count a proof that the log does not take', async () => {
    const sink = { ...audit, record: () => Promise.reject(new Error('full')) };
    await open({}, {}, { sink });
    await expect(guard.prove()).rejects.toThrow('full');
    expect(() => guard.require(caller)).toThrow(refused);
  });

  it('only reports when told so', async () => {
    await open({ whenNotProven: 'report' }, { prefixCaching: false });
    expect(await guard.prove()).toMatchObject({ verdict: 'failed', code: 'ERR_SESSION_ISOLATION_CACHE_OFF' });
    expect(() => guard.require(caller)).not.toThrow();
  });

  it('asks nothing without the setting', async () => {
    await open(null);
    expect(await guard.prove()).toBeUndefined();
    guard.start();
    expect(() => guard.require(caller)).not.toThrow();
    expect(engine.requests.length).toBe(0);
  });

  it('leaves an engine that shares to one tenant, without a proof', async () => {
    await open({ engine: 'other' });
    expect(await guard.prove()).toMatchObject({ verdict: 'failed', code: 'ERR_SESSION_ENGINE_SHARED' });
    await engine.close();
    await open({ engine: 'other', onlyTenant: { issuer: caller.issuer, tenant: caller.tenant } });
    expect(await guard.prove()).toMatchObject({ verdict: 'one-tenant' });
    expect(() => guard.require(caller)).not.toThrow();
    for (const change of [{ tenant: 'other' }, { issuer: 'other' }])
      expect(() => guard.require({ ...caller, ...change })).toThrow(
        expect.objectContaining({ code: 'ERR_GATEWAY_TENANT_REFUSED' }),
      );
  });

  it('proves on its own after start, again after a failure', async () => {
    await open({ everySeconds: 10 });
    guard.start();
    await expect.poll(() => guard.isProven, { timeout: 10_000 }).toBe(true);
  });
});
