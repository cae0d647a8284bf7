import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom, type PrincipalClaims, type Tenant } from '@cloister/core';
import { createTenancy, localBroker } from '@cloister/tenancy';
import { assertPrincipal } from '@cloister/tenancy/unsafe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CACHE_SCOPES, isWithinScope, widestScope, type CacheScope } from './cache-scope.ts';
import { createSession, type Session, type SessionOptions } from './create-session.ts';

const claims: PrincipalClaims = {
  issuer: 'keys',
  tenant: 'st-mary',
  subject: 'dr-jones',
  groups: ['cardiology', 'staff'],
  clearance: 'restricted',
  compartments: ['trial-7'],
  purpose: 'treatment',
};
const directory = mkdtempSync(join(tmpdir(), 'cloister-session-'));
const tenancy = createTenancy({ broker: localBroker(directory, { key: systemRandom(32) }) });
const capability = (change: Partial<PrincipalClaims> = {}): Promise<Tenant> =>
  tenancy.tenant(assertPrincipal({ ...claims, ...change }));
const options: SessionOptions = { model: 'm', identity: new Uint8Array(32) };

let jones: Tenant;
beforeAll(async () => {
  jones = await capability();
});
afterAll(async () => {
  await tenancy.close();
  rmSync(directory, { recursive: true });
});

const open = (tenant: Tenant, scope: CacheScope, more: Partial<SessionOptions> = {}): Promise<Session> =>
  createSession(tenant, { ...options, scope, ...(scope === 'group' ? { group: 'cardiology' } : {}), ...more });
const saltOf = async (tenant: Tenant, scope: CacheScope, more: Partial<SessionOptions> = {}): Promise<string> =>
  (await open(tenant, scope, more)).salt();

describe('createSession', () => {
  it('gives one salt per session, and another for each request in request scope', async () => {
    const session = await createSession(jones, options);
    expect(session.scope).toBe('session');
    expect(session.salt()).toBe(session.salt());
    expect(await saltOf(jones, 'session')).not.toBe(session.salt());
    const request = await open(jones, 'request');
    expect(new Set([request.salt(), request.salt(), request.salt()]).size).toBe(3);
  });

  it('refuses the salt after the end, in every scope', async () => {
    for (const scope of CACHE_SCOPES) {
      const session = await open(jones, scope);
      session.salt();
      session.end();
      session.end();
      expect(() => session.salt()).toThrow(expect.objectContaining({ code: 'ERR_SESSION_ENDED' }));
    }
    let kept: Session;
    {
      using session = await createSession(jones, options);
      kept = session;
    }
    expect(() => kept.salt()).toThrow(expect.objectContaining({ code: 'ERR_SESSION_ENDED' }));
  });

  it('overwrites the random secret at the end', async () => {
    const made: Uint8Array[] = [];
    const random = (length: number): Uint8Array => {
      const bytes = systemRandom(length);
      made.push(bytes);
      return bytes;
    };
    const session = await createSession(jones, { ...options, random });
    const secret = made.find((bytes) => bytes.length === 32);
    expect(secret?.some((byte) => byte !== 0)).toBe(true);
    session.end();
    expect(secret?.every((byte) => byte === 0)).toBe(true);
  });

  it('shares wider scopes with whom they name, and with nobody else', async () => {
    const smith = await capability({ subject: 'dr-smith' });
    const foreign = await capability({ tenant: 'st-john' });
    const issuer = await capability({ issuer: 'other' });
    for (const scope of ['user', 'group', 'tenant'] as const) {
      const salt = await saltOf(jones, scope);
      expect(await saltOf(await capability(), scope)).toBe(salt);
      expect((await saltOf(smith, scope)) === salt).toBe(scope !== 'user');
      expect(await saltOf(foreign, scope)).not.toBe(salt);
      expect(await saltOf(issuer, scope)).not.toBe(salt);
    }
  });

  it('separates callers with other rights within one tenant, whatever the order of their groups', async () => {
    const salt = await saltOf(jones, 'tenant');
    expect(await saltOf(await capability({ groups: ['staff', 'cardiology'] }), 'tenant')).toBe(salt);
    const others = [{ groups: ['cardiology'] }, { compartments: [] }, { clearance: 'internal' as const }];
    const salts = await Promise.all(others.map(async (change) => saltOf(await capability(change), 'tenant')));
    expect(new Set([salt, ...salts]).size).toBe(4);
  });

  it('changes with model, identity and epoch, and with the class of the prompt', async () => {
    const changes = [{}, { model: 'n' }, { identity: new Uint8Array(32).fill(1) }, { epoch: 1 }];
    const salts = await Promise.all(changes.map((change) => saltOf(jones, 'tenant', change)));
    expect(new Set(salts).size).toBe(4);
    const session = await open(jones, 'tenant');
    expect(session.salt({ label: 'public' })).not.toBe(session.salt({ label: 'internal' }));
  });

  it('caps the scope by the class', async () => {
    const session = await open(jones, 'tenant');
    expect(() => session.salt({ label: 'confidential' })).toThrow(
      expect.objectContaining({ code: 'ERR_SESSION_SCOPE_TOO_WIDE' }),
    );
    expect(session.salt({ label: 'confidential', widest: 'tenant' })).toMatch(/^cs1\./);
    const user = await open(jones, 'user');
    expect(user.salt({ label: 'confidential' })).toMatch(/^cs1\./);
    expect(() => user.salt({ label: 'restricted' })).toThrow(
      expect.objectContaining({ code: 'ERR_SESSION_SCOPE_TOO_WIDE' }),
    );
    expect(isWithinScope('group', 'tenant') && !isWithinScope('tenant', 'group')).toBe(true);
    expect(widestScope('restricted')).toBe('session');
  });

  it('refuses groups of others, forged capabilities and bad arguments', async () => {
    await expect(open(jones, 'group', { group: 'oncology' })).rejects.toMatchObject({ code: 'ERR_SESSION_GROUP' });
    await expect(createSession(jones, { ...options, scope: 'group' })).rejects.toMatchObject({
      code: 'ERR_SESSION_GROUP',
    });
    await expect(createSession({ ...jones }, options)).rejects.toMatchObject({ code: 'ERR_TENANCY_NOT_A_TENANT' });
    await expect(open(jones, 'world' as CacheScope)).rejects.toMatchObject({ code: 'ERR_SESSION_DERIVATION' });
    await expect(open(jones, 'user', { epoch: -1 })).rejects.toMatchObject({
      code: 'ERR_SESSION_DERIVATION',
      subject: 'epoch',
    });
    await expect(open(jones, 'user', { model: '' })).rejects.toMatchObject({
      code: 'ERR_SESSION_DERIVATION',
      subject: 'model',
    });
    const identity = new Uint8Array(31);
    await expect(open(jones, 'user', { identity })).rejects.toMatchObject({
      code: 'ERR_SESSION_DERIVATION',
      subject: 'identity',
    });
  });
});
