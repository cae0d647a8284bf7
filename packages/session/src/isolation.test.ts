import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom, type PrincipalClaims } from '@cloister/core';
import { startVllmStandIn, type VllmStandIn } from '@cloister/simulator/vllm';
import { createTenancy, localBroker } from '@cloister/tenancy';
import { assertPrincipal } from '@cloister/tenancy/unsafe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CacheScope } from './cache-scope.ts';
import { createSession } from './create-session.ts';
import { deriveEngineSalt } from './derive-engine-salt.ts';

const claims: PrincipalClaims = {
  issuer: 'keys',
  tenant: 'st-mary',
  subject: 'dr-jones',
  groups: ['cardiology'],
  clearance: 'restricted',
  compartments: [],
  purpose: 'treatment',
};
const directory = mkdtempSync(join(tmpdir(), 'cloister-isolation-'));
const tenancy = createTenancy({ broker: localBroker(directory, { key: systemRandom(32) }) });
const engineKey = systemRandom(32);

let engine: VllmStandIn;
beforeAll(async () => {
  engine = await startVllmStandIn({ blockSize: 16 });
});
afterAll(async () => {
  await engine.close();
  await tenancy.close();
  rmSync(directory, { recursive: true });
});

/** Tokens that the engine read from its cache for a prompt under a salt. */
async function cachedTokens(prompt: string, salt: string | undefined): Promise<number> {
  const body = { messages: [{ role: 'user', content: prompt }], max_tokens: 1, cache_salt: salt };
  const response = await fetch(`${engine.url}/v1/chat/completions`, { method: 'POST', body: JSON.stringify(body) });
  const { usage } = (await response.json()) as { usage: { prompt_tokens_details: { cached_tokens: number } } };
  return usage.prompt_tokens_details.cached_tokens;
}

async function saltOf(change: Partial<PrincipalClaims>, scope: CacheScope): Promise<string> {
  const tenant = await tenancy.tenant(assertPrincipal({ ...claims, ...change }));
  return (await createSession(tenant, { scope, model: 'm', identity: new Uint8Array(32) })).salt();
}

const probe = (): string => `Notes of the ward. ${Buffer.from(systemRandom(64)).toString('hex')}`;

describe('a prefix cache with salts of this package', () => {
  it('serves whoever shares the scope and nobody else', async () => {
    const prompt = probe();
    const own = await saltOf({}, 'tenant');
    expect(await cachedTokens(prompt, own)).toBe(0);
    // The control: caching is on, so a miss below means isolation.
    expect(await cachedTokens(prompt, own)).toBeGreaterThan(0);
    expect(await cachedTokens(prompt, await saltOf({ subject: 'dr-smith' }, 'tenant'))).toBeGreaterThan(0);
    const strangers = [
      await saltOf({ tenant: 'st-john' }, 'tenant'),
      await saltOf({ clearance: 'internal' }, 'tenant'),
      await saltOf({ groups: [] }, 'tenant'),
      await saltOf({}, 'user'),
      await saltOf({}, 'session'),
      await saltOf({}, 'request'),
    ];
    for (const salt of strangers) expect(await cachedTokens(prompt, salt)).toBe(0);
  });

  it('separates owners behind a gateway even when one sends the salt of the other', async () => {
    const prompt = probe();
    const stolen = await saltOf({}, 'user');
    const saltFor = (subject: string): string =>
      deriveEngineSalt({ key: engineKey, scope: 'user', owner: ['keys', 'st-mary', subject], salt: stolen });
    expect(await cachedTokens(prompt, saltFor('dr-jones'))).toBe(0);
    expect(await cachedTokens(prompt, saltFor('dr-jones'))).toBeGreaterThan(0);
    expect(await cachedTokens(prompt, saltFor('dr-smith'))).toBe(0);
  });

  it('would be caught leaking: without salts the stranger hits', async () => {
    const prompt = probe();
    expect(await cachedTokens(prompt, undefined)).toBe(0);
    expect(await cachedTokens(prompt, undefined)).toBeGreaterThan(0);
  });
});
