import type { PrincipalClaims } from '@cloister/core';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { expect, it } from 'vitest';
import { memoryLimits } from './limiter-store.ts';
import { createTenantLimits, type TenantLimits } from './tenant-limits.ts';

const caller = (tenant: string, subject = 'ada'): PrincipalClaims => ({
  issuer: 'clinic.example',
  tenant,
  subject,
  groups: [],
  clearance: 'internal',
  compartments: [],
  purpose: 'treatment',
});

/** The named limit, when one is reached. */
async function reachedBy(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => (error as { code: string; subject: string }).subject,
  );
}

async function spend(limits: TenantLimits, tenant: string, tokens: number, used?: number): Promise<void> {
  const slot = await limits.enter(caller(tenant));
  try {
    await slot.reserve(tokens);
    slot.leave(used);
  } catch (error) {
    slot.leave(0);
    throw error;
  }
}

it('counts requests per tenant, whoever of it sends them', async () => {
  const limits = createTenantLimits({ requestsPerMinute: 2 }, memoryLimits);
  for (const subject of ['ada', 'grace']) (await limits.enter(caller('north', subject))).leave();
  expect(await reachedBy(limits.enter(caller('north', 'edith')))).toBe('requestsPerMinute');
  expect(await reachedBy(limits.enter(caller('south')))).toBeUndefined();
});

it('says when to come back', async () => {
  const limits = createTenantLimits({ requestsPerMinute: 1 }, memoryLimits);
  await limits.enter(caller('north'));
  await expect(limits.enter(caller('north'))).rejects.toMatchObject({
    code: 'ERR_GATEWAY_LIMIT_REACHED',
    retryable: true,
    detail: { retryAfter: 60 },
  });
});

it('reserves tokens before and settles by what was used', async () => {
  const limits = createTenantLimits({ tokensPerMinute: 1000 }, memoryLimits);
  await spend(limits, 'north', 900, 100);
  await spend(limits, 'north', 900, 300);
  expect(await reachedBy(spend(limits, 'north', 601))).toBe('tokensPerMinute');
  await spend(limits, 'north', 600, 600);
  expect(await reachedBy(spend(limits, 'north', 1))).toBe('tokensPerMinute');
});

it('a request above the whole limit is refused and costs nothing', async () => {
  const limits = createTenantLimits({ tokensPerMinute: 1000 }, memoryLimits);
  expect(await reachedBy(spend(limits, 'north', 5000))).toBe('tokensPerMinute');
  expect(await reachedBy(spend(limits, 'north', 1000))).toBeUndefined();
});

it('an answer that used more than was reserved is charged in full', async () => {
  const limits = createTenantLimits({ tokensPerMinute: 1000 }, memoryLimits);
  await spend(limits, 'north', 10, 995);
  expect(await reachedBy(spend(limits, 'north', 10))).toBe('tokensPerMinute');
});

it('bounds what runs at the same time, and leaving twice frees one place', async () => {
  const limits = createTenantLimits({ concurrentRequests: 2 }, memoryLimits);
  const [first] = [await limits.enter(caller('north')), await limits.enter(caller('north'))];
  expect(await reachedBy(limits.enter(caller('north')))).toBe('concurrentRequests');
  expect(await reachedBy(limits.enter(caller('south')))).toBeUndefined();
  first.leave();
  first.leave();
  await limits.enter(caller('north'));
  expect(await reachedBy(limits.enter(caller('north')))).toBe('concurrentRequests');
});

it('a request that is refused holds no place', async () => {
  const limits = createTenantLimits({ requestsPerMinute: 1, concurrentRequests: 1 }, memoryLimits);
  (await limits.enter(caller('north'))).leave();
  for (let time = 0; time < 3; time++) {
    expect(await reachedBy(limits.enter(caller('north')))).toBe('requestsPerMinute');
  }
});

it('names no tenant to the store', async () => {
  const keys: unknown[] = [];
  class Watched extends RateLimiterMemory {
    override consume(key: string | number, points?: number): ReturnType<RateLimiterMemory['consume']> {
      keys.push(key);
      return super.consume(key, points);
    }
  }
  const createCounter = (options: { keyPrefix: string; points: number }): Watched =>
    new Watched({ ...options, duration: 60 });
  await (await createTenantLimits({ requestsPerMinute: 5 }, { createCounter }).enter(caller('north'))).reserve(1);
  expect(keys).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
});

it('a store that fails refuses', async () => {
  class Broken extends RateLimiterMemory {
    override consume(): ReturnType<RateLimiterMemory['consume']> {
      return Promise.reject(new Error('down'));
    }
  }
  const store = { createCounter: (): Broken => new Broken({ points: 1, duration: 60 }) };
  const limits = createTenantLimits({ requestsPerMinute: 5, concurrentRequests: 1 }, store);
  for (let time = 0; time < 2; time++) {
    await expect(limits.enter(caller('north'))).rejects.toMatchObject({ code: 'ERR_GATEWAY_INTERNAL' });
  }
});
