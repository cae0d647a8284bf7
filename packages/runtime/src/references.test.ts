import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom, type PrincipalClaims } from '@cloister/core';
import { createTenancy, localBroker } from '@cloister/tenancy';
import { assertPrincipal } from '@cloister/tenancy/unsafe';
import { afterAll, describe, expect, it } from 'vitest';
import { createReferences, PSEUDONYM_EPOCH, type References } from './references.ts';

const scratch = mkdtempSync(join(tmpdir(), 'cloister-references-'));
const tenancy = createTenancy({ broker: localBroker(scratch, { key: systemRandom(32) }) });

afterAll(async () => {
  await tenancy.close();
  rmSync(scratch, { recursive: true });
});

const claims = (tenant: string, subject: string): PrincipalClaims => ({
  issuer: 'keys',
  tenant,
  subject,
  groups: [],
  clearance: 'internal',
  compartments: [],
  purpose: 'treatment',
});

/** What one person is called at a time. */
async function names(tenant: string, subject: string, time: number): Promise<{ tenant: string; actor: string }> {
  const who = claims(tenant, subject);
  const references: References = createReferences(await tenancy.tenant(assertPrincipal(who)), {
    clock: { now: () => time },
  });
  const context = (await references.current()).context(who);
  return { tenant: context.tenant, actor: context.actor };
}

describe('references', () => {
  const first = PSEUDONYM_EPOCH * 227;

  it('are the same within an epoch, and link to nothing across epochs, tenants or people', async () => {
    const jones = await names('st-mary', 'dr-jones', first);
    expect(await names('st-mary', 'dr-jones', first + PSEUDONYM_EPOCH - 1)).toEqual(jones);
    const others = [
      await names('st-mary', 'dr-jones', first + PSEUDONYM_EPOCH),
      await names('st-mary', 'dr-jones', first - 1),
      await names('lakeside', 'dr-jones', first),
    ];
    const all = [jones, ...others].flatMap(({ tenant, actor }) => [tenant, actor]);
    expect(new Set(all).size).toBe(all.length);
    const smith = await names('st-mary', 'dr-smith', first);
    expect(smith.tenant).toBe(jones.tenant);
    expect(smith.actor).not.toBe(jones.actor);
  });

  it('change while a tenant is in use, and never repeat the reference of a request', async () => {
    let time = first;
    const who = claims('st-mary', 'dr-jones');
    const tenant = await tenancy.tenant(assertPrincipal(who));
    const references = createReferences(tenant, { clock: { now: () => time }, period: 1000 });
    const before = (await references.current()).context(who);
    const again = (await references.current()).context(who);
    expect([again.actor, again.request === before.request]).toEqual([before.actor, false]);
    time += 1000;
    expect((await references.current()).context(who).actor).not.toBe(before.actor);
  });
});
