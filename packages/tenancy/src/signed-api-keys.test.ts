import { generateKeyPairSync, sign } from 'node:crypto';
import { fromBase64url, type Signer } from '@cloister/core';
import { expect, it } from 'vitest';
import { createApiKey } from './create-api-key.ts';
import type { ApiKeyRecord } from './create-api-key-directory.ts';
import { principalClaims } from './principal.ts';
import { openSignedApiKeys, signApiKeys } from './signed-api-keys.ts';
import { verifyPrincipal } from './verify-principal.ts';

function createOwner(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    publicKey: fromBase64url(publicKey.export({ format: 'jwk' }).x ?? ''),
    sign: async (message) => new Uint8Array(sign(null, message, privateKey)),
  };
}

const owner = createOwner();
const { apiKey, sha256 } = createApiKey();
const record: ApiKeyRecord = {
  sha256,
  tenant: 'north',
  subject: 'ada',
  groups: ['cardiology'],
  clearance: 'restricted',
  purpose: 'treatment',
};
const NOW = 1_790_000_000_000;
const signed = signApiKeys([record], { issuer: 'clinic.example', notAfter: NOW + 1000, signer: owner });
const SIGNATURE = { code: 'ERR_TENANCY_DIRECTORY_SIGNATURE' };

it('what the owner signed lets its callers in, also after a trip through JSON', async () => {
  const list: unknown = JSON.parse(JSON.stringify(await signed));
  const directory = await openSignedApiKeys(list, owner.publicKey, NOW);
  const principal = await verifyPrincipal({ apiKey }, directory, { clock: { now: () => NOW } });
  expect(principalClaims(principal)).toMatchObject({ issuer: 'clinic.example', tenant: 'north', subject: 'ada' });
});

it('a list ends, and every key in it', async () => {
  const list = await signed;
  await expect(openSignedApiKeys(list, owner.publicKey, NOW + 1000)).rejects.toMatchObject(SIGNATURE);
  const directory = await openSignedApiKeys(list, owner.publicKey, NOW);
  await expect(verifyPrincipal({ apiKey }, directory, { clock: { now: () => NOW + 1000 } })).rejects.toMatchObject({
    code: 'ERR_TENANCY_UNAUTHENTICATED',
  });
});

it('refuses every change, another owner, and what is no list', async () => {
  const list = await signed;
  const added = { ...record, sha256: createApiKey().sha256, tenant: 'south' };
  const changed: readonly unknown[] = [
    { ...list, keys: [...list.keys, added] },
    { ...list, keys: [] },
    { ...list, keys: [{ ...record, clearance: 'public' }] },
    { ...list, issuer: 'other.example' },
    { ...list, notAfter: list.notAfter + 1 },
    { ...list, version: 2 },
    { ...list, more: true },
    { ...list, signature: `${list.signature.slice(0, -2)}AA` },
    { ...list, signature: '' },
    undefined,
    [],
  ];
  for (const value of changed) {
    await expect(openSignedApiKeys(value, owner.publicKey, NOW)).rejects.toMatchObject(SIGNATURE);
  }
  await expect(openSignedApiKeys(list, createOwner().publicKey, NOW)).rejects.toMatchObject(SIGNATURE);
  await expect(openSignedApiKeys(list, new Uint8Array(31), NOW)).rejects.toMatchObject(SIGNATURE);
});

it('a list that no directory would take is not signed', async () => {
  const options = { issuer: 'clinic.example', notAfter: NOW, signer: owner };
  await expect(signApiKeys([record, record], options)).rejects.toMatchObject({ code: 'ERR_TENANCY_DIRECTORY' });
});
