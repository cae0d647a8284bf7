import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom, toHex } from '@cloister/core';
import type { KeyBroker, Principal, PrincipalClaims, Tenant } from '@cloister/core';
import { afterAll, describe, expect, it } from 'vitest';
import { createTenancy } from './create-tenancy.ts';
import { deriveSubkey } from './derive-subkey.ts';
import { KEY_PURPOSES } from './key-purposes.ts';
import type { KeyPurpose } from './key-purposes.ts';
import { localBroker } from './local-broker/local-broker.ts';
import { tenantClaims } from './tenant.ts';
import { assertPrincipal } from './unsafe/index.ts';

const scratch = mkdtempSync(join(tmpdir(), 'cloister-tenancy-'));
afterAll(() => rmSync(scratch, { recursive: true }));

let counter = 0;
const key = systemRandom(32);
const newDirectory = (): string => join(scratch, String(counter++));

const claims: PrincipalClaims = {
  issuer: 'keys',
  tenant: 'st-mary',
  subject: 'dr-jones',
  groups: ['cardiology'],
  clearance: 'restricted',
  compartments: [],
  purpose: 'treatment',
};
const principal = assertPrincipal(claims);

async function subkey(directory: string, who: Principal, purpose: KeyPurpose = 'payload'): Promise<string> {
  const tenancy = createTenancy({ broker: localBroker(directory, { key }) });
  try {
    return toHex(await deriveSubkey(await tenancy.tenant(who), purpose));
  } finally {
    await tenancy.close();
  }
}

describe('createTenancy', () => {
  it('keeps keys across processes and separates tenants, issuers and purposes', async () => {
    const directory = newDirectory();
    const first = await subkey(directory, principal);
    expect(await subkey(directory, principal)).toBe(first);
    expect(await subkey(directory, assertPrincipal({ ...claims, subject: 'other', groups: [] }))).toBe(first);
    const others = [
      await subkey(directory, assertPrincipal({ ...claims, tenant: 'st-john' })),
      await subkey(directory, assertPrincipal({ ...claims, issuer: 'other' })),
      await subkey(newDirectory(), principal),
      await subkey(directory, principal, 'ids'),
    ];
    expect(new Set([first, ...others]).size).toBe(5);
  });

  it('gives one key to 20 concurrent first uses', async () => {
    const directory = newDirectory();
    const keys = await Promise.all(Array.from({ length: 20 }, () => subkey(directory, principal)));
    expect(new Set(keys).size).toBe(1);
  });

  it('would make several keys without putIfAbsent (control)', async () => {
    const inner = localBroker(newDirectory(), { key });
    const forgetful: KeyBroker = { ...inner, putIfAbsent: async (_name, value) => value };
    const keys = Array.from({ length: 20 }, async () => {
      const tenant = await createTenancy({ broker: forgetful }).tenant(principal);
      return toHex(await deriveSubkey(tenant, 'payload'));
    });
    expect(new Set(await Promise.all(keys)).size).toBeGreaterThan(1);
  });

  it('gives one key to concurrent calls of one tenancy', async () => {
    const tenancy = createTenancy({ broker: localBroker(newDirectory(), { key }) });
    const tenants = await Promise.all([tenancy.tenant(principal), tenancy.tenant(principal)]);
    const [one, two] = await Promise.all(tenants.map((tenant) => deriveSubkey(tenant, 'vault')));
    expect(one).toEqual(two);
  });

  it('refuses copies and casts of principals and tenants', async () => {
    const tenancy = createTenancy({ broker: localBroker(newDirectory(), { key }) });
    const forgedPrincipals = [{ ...principal }, { ...claims }, Object.create(principal), null, 'dr-jones'];
    for (const forged of forgedPrincipals) {
      await expect(tenancy.tenant(forged as Principal)).rejects.toMatchObject({ code: 'ERR_TENANCY_NOT_A_PRINCIPAL' });
    }
    const tenant = await tenancy.tenant(principal);
    for (const forged of [{ ...tenant }, { principal }, Object.create(tenant), structuredClone({ ...tenant })]) {
      await expect(deriveSubkey(forged as Tenant, 'ids')).rejects.toMatchObject({ code: 'ERR_TENANCY_NOT_A_TENANT' });
      expect(() => tenantClaims(forged as Tenant)).toThrow('capability');
    }
    expect(tenantClaims(tenant)).toEqual(claims);
    expect(await deriveSubkey(tenant, 'ids')).toHaveLength(32);
  });

  it('lets nobody change what a tenant stands for', async () => {
    const tenancy = createTenancy({ broker: localBroker(newDirectory(), { key }) });
    const tenant = await tenancy.tenant(principal);
    expect(() => Object.assign(tenant, { principal: assertPrincipal({ ...claims, tenant: 'x' }) })).toThrow(TypeError);
    expect(() => (tenantClaims(tenant).groups as string[]).push('oncology')).toThrow(TypeError);
  });

  it('derives nothing once closed', async () => {
    const tenancy = createTenancy({ broker: localBroker(newDirectory(), { key }) });
    const tenant = await tenancy.tenant(principal);
    await tenancy.close();
    await expect(deriveSubkey(tenant, 'ids')).rejects.toMatchObject({ code: 'ERR_TENANCY_CLOSED' });
    await expect(tenancy.tenant(principal)).rejects.toMatchObject({ code: 'ERR_TENANCY_CLOSED' });
  });

  it('asks the broker again after a failure', async () => {
    const inner = localBroker(newDirectory(), { key });
    let failures = 1;
    const broker: KeyBroker = {
      ...inner,
      get: async (name) => (failures-- > 0 ? Promise.reject(new Error('down')) : inner.get(name)),
    };
    const tenancy = createTenancy({ broker });
    await expect(tenancy.tenant(principal)).rejects.toThrow('down');
    await expect(tenancy.tenant(principal)).resolves.toBeDefined();
  });

  it('refuses a purpose, collection or epoch that does not exist', async () => {
    const tenant = await createTenancy({ broker: localBroker(newDirectory(), { key }) }).tenant(principal);
    const refused = { code: 'ERR_TENANCY_DERIVATION' };
    for (const options of [
      { epoch: -1 },
      { epoch: 2 ** 32 },
      { epoch: 0.5 },
      { collection: 'x'.repeat(257) },
      { collection: '\ud800' },
    ]) {
      await expect(deriveSubkey(tenant, 'ids', options)).rejects.toMatchObject(refused);
    }
    for (const purpose of ['', 'constructor', 'dek', '__proto__']) {
      await expect(deriveSubkey(tenant, purpose as KeyPurpose)).rejects.toMatchObject(refused);
    }
    expect(Object.keys(KEY_PURPOSES)).toHaveLength(11);
  });
});
