import { sha256, toHex, utf8 } from '@cloister/core';
import type { Principal, PrincipalClaims } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { createApiKeyDirectory } from './create-api-key-directory.ts';
import type { ApiKeyDirectory, ApiKeyRecord } from './create-api-key-directory.ts';
import { createApiKey } from './create-api-key.ts';
import { principalClaims } from './principal.ts';
import { assertPrincipal } from './unsafe/index.ts';
import { verifyPrincipal } from './verify-principal.ts';

const { apiKey, sha256: hash } = createApiKey();
const record: ApiKeyRecord = {
  sha256: hash,
  tenant: 'st-mary',
  subject: 'dr-jones',
  groups: ['cardiology'],
  clearance: 'restricted',
  purpose: 'treatment',
};
const directory = createApiKeyDirectory([record], { issuer: 'st-mary-keys' });
const unauthenticated = expect.objectContaining({ code: 'ERR_TENANCY_UNAUTHENTICATED' });

/** A record like `record` for a fresh key. */
function fresh(change: Partial<ApiKeyRecord> = {}): ApiKeyRecord {
  return { ...record, sha256: createApiKey().sha256, ...change };
}

describe('createApiKey', () => {
  it('holds 256 random bits and gives the hash of its text', () => {
    expect(apiKey).toMatch(/^ck_[A-Za-z0-9_-]{43}$/);
    expect(hash).toBe(toHex(sha256(utf8(apiKey))));
    expect(createApiKey().apiKey).not.toBe(apiKey);
    expect(createApiKey((length) => new Uint8Array(length)).apiKey).toBe(`ck_${'A'.repeat(43)}`);
  });
});

describe('verifyPrincipal', () => {
  it('gives the claims of the record, from this issuer', async () => {
    const claims = principalClaims(await verifyPrincipal({ apiKey }, directory));
    expect(claims).toEqual({
      issuer: 'st-mary-keys',
      tenant: 'st-mary',
      subject: 'dr-jones',
      groups: ['cardiology'],
      clearance: 'restricted',
      compartments: [],
      purpose: 'treatment',
    });
  });

  it('finds the right one among many keys, also when their hashes begin alike', async () => {
    const colliding = Array.from({ length: 50 }, (_, index) =>
      fresh({ sha256: hash.slice(0, 60) + toHex(utf8(String(index).padStart(2, '0'))), subject: `other-${index}` }),
    );
    const many = createApiKeyDirectory(
      [...colliding, record, ...Array.from({ length: 200 }, () => fresh({ subject: 'x' }))],
      { issuer: 'i' },
    );
    expect(principalClaims(await verifyPrincipal({ apiKey }, many)).subject).toBe('dr-jones');
    expect(many.size).toBe(251);
  });

  it.each([
    '',
    'ck_',
    `ck_${'A'.repeat(43)}`,
    `${apiKey} `,
    apiKey.slice(0, -1),
    apiKey.toLowerCase(),
    hash,
    `Bearer ${apiKey}`,
  ])('refuses %j', async (other) => {
    await expect(verifyPrincipal({ apiKey: other }, directory)).rejects.toEqual(unauthenticated);
  });

  it('refuses what is no text', async () => {
    for (const other of [undefined, null, 7, { toString: () => apiKey }, [apiKey]]) {
      await expect(verifyPrincipal({ apiKey: other as string }, directory)).rejects.toEqual(unauthenticated);
    }
  });

  it('refuses an expired key, by the given clock', async () => {
    const expiring = createApiKeyDirectory([{ ...record, notAfter: 1000 }], { issuer: 'i' });
    await expect(verifyPrincipal({ apiKey }, expiring, { clock: { now: () => 1000 } })).rejects.toEqual(
      unauthenticated,
    );
    await expect(verifyPrincipal({ apiKey }, expiring)).rejects.toEqual(unauthenticated);
    await expect(verifyPrincipal({ apiKey }, expiring, { clock: { now: () => 999 } })).resolves.toBeDefined();
  });

  it('trusts no directory that it did not make', async () => {
    const lookAlikes = [{ ...directory }, Object.create(directory), { issuer: 'i', size: 1, find: () => record }];
    for (const other of lookAlikes) {
      await expect(verifyPrincipal({ apiKey }, other as ApiKeyDirectory)).rejects.toMatchObject({
        code: 'ERR_TENANCY_DIRECTORY',
      });
    }
  });
});

describe('createApiKeyDirectory', () => {
  it('does not show keys, hashes or callers', () => {
    expect(JSON.stringify(directory)).toBe('{"issuer":"st-mary-keys","size":1}');
  });

  it.each<[string, unknown]>([
    ['a key itself', { ...record, sha256: apiKey }],
    ['an upper-case hash', { ...record, sha256: 'A'.repeat(64) }],
    ['an unknown member', { ...record, role: 'admin' }],
    ['an unknown class', { ...record, clearance: 'secret' }],
    ['no tenant', { ...record, tenant: '' }],
    ['a control character', { ...record, subject: 'a\nb' }],
    ['a lone surrogate', { ...record, subject: '\ud800' }],
    ['space around a name', { ...record, tenant: ' st-mary' }],
    ['a group that is none', { ...record, groups: ['a', 7] }],
    ['too many groups', { ...record, groups: Array.from({ length: 257 }, (_, index) => `g${index}`) }],
    ['an expiry that is none', { ...record, notAfter: 'tomorrow' }],
    ['nothing', undefined],
  ])('refuses %s and says which record', (_name, bad) => {
    const make = (): unknown => createApiKeyDirectory([fresh(), bad as ApiKeyRecord], { issuer: 'i' });
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_TENANCY_DIRECTORY', detail: { record: 1 } }));
  });

  it('refuses a key that stands in it twice', () => {
    expect(() => createApiKeyDirectory([record, { ...record, tenant: 'other' }], { issuer: 'i' })).toThrow(
      expect.objectContaining({ detail: { record: 1 } }),
    );
  });

  it('keeps its own copy of the records', async () => {
    const groups = ['a'];
    const copied = createApiKeyDirectory([{ ...record, groups }], { issuer: 'i' });
    groups.push('b');
    expect(principalClaims(await verifyPrincipal({ apiKey }, copied)).groups).toEqual(['a']);
  });
});

describe('principals', () => {
  const claims: PrincipalClaims = {
    issuer: 'i',
    tenant: 't',
    subject: 's',
    groups: ['g'],
    clearance: 'public',
    compartments: [],
    purpose: 'p',
  };

  it('are asserted only with well-formed claims', () => {
    expect(principalClaims(assertPrincipal(claims))).toEqual(claims);
    for (const bad of [
      { ...claims, admin: true },
      { ...claims, clearance: 'top' },
      { ...claims, tenant: 7 },
      {},
      null,
    ]) {
      expect(() => assertPrincipal(bad as PrincipalClaims)).toThrow(
        expect.objectContaining({ code: 'ERR_TENANCY_CLAIMS' }),
      );
    }
  });

  it('are neither copied nor changed', () => {
    const principal = assertPrincipal(claims);
    for (const forged of [{ ...principal }, structuredClone(principal), Object.create(principal), claims, undefined]) {
      expect(() => principalClaims(forged as Principal)).toThrow(
        expect.objectContaining({ code: 'ERR_TENANCY_NOT_A_PRINCIPAL' }),
      );
    }
    expect(() => Object.assign(principal, { tenant: 'other' })).toThrow(TypeError);
    expect(() => (principalClaims(principal).groups as string[]).push('x')).toThrow(TypeError);
  });
});
