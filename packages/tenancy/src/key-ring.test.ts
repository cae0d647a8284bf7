import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blake2b } from '@noble/hashes/blake2.js';
import { bigEndian, concat, fromHex, lengthPrefixed, sha256, systemRandom, toHex } from '@cloister/core';
import type { KeyBroker, PrincipalClaims, Signer, Tenant } from '@cloister/core';
import { afterAll, describe, expect, it } from 'vitest';
import { createTenancy } from './create-tenancy.ts';
import type { Tenancy, TenancyOptions } from './create-tenancy.ts';
import { deriveOnce, deriveSubkey, keyVersions } from './derive-subkey.ts';
import { KEY_PURPOSES } from './key-purposes.ts';
import type { KeyPurpose } from './key-purposes.ts';
import { localBroker } from './local-broker/local-broker.ts';
import { verifyShredReceipt } from './shred-tenant.ts';
import { assertPrincipal } from './unsafe/index.ts';

const scratch = mkdtempSync(join(tmpdir(), 'cloister-keys-'));
afterAll(() => rmSync(scratch, { recursive: true }));
let counter = 0;
const kek = systemRandom(32);

const claims: PrincipalClaims = {
  issuer: 'keys',
  tenant: 'st-mary',
  subject: 'dr-jones',
  groups: [],
  clearance: 'restricted',
  compartments: [],
  purpose: 'treatment',
};

interface Scene {
  readonly directory: string;
  readonly broker: KeyBroker;
  readonly open: (options?: Partial<TenancyOptions>) => Tenancy;
  readonly enter: (tenancy: Tenancy, tenant?: string) => Promise<Tenant>;
}

function scene(): Scene {
  const directory = join(scratch, String(counter++));
  const broker = localBroker(directory, { key: kek });
  return {
    directory,
    broker,
    open: (options = {}) => createTenancy({ broker: localBroker(directory, { key: kek }), ...options }),
    enter: (tenancy, tenant = claims.tenant) => tenancy.tenant(assertPrincipal({ ...claims, tenant })),
  };
}

/** The lengths of the stored values: 79 bytes for a wrapped key, one for a mark. */
const keySizes = (directory: string): number[] =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.key'))
    .map((name) => readFileSync(join(directory, name)).length);

const hex = async (tenant: Tenant, purpose: KeyPurpose, version?: number): Promise<string> =>
  toHex(await deriveSubkey(tenant, purpose, version === undefined ? {} : { version }));
const code = (name: string): unknown => expect.objectContaining({ code: name });

const pair = generateKeyPairSync('ed25519');
const signer: Signer = {
  publicKey: fromHex(pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex')),
  sign: async (message) => new Uint8Array(sign(null, message, pair.privateKey)),
};

describe('versions of the data root', () => {
  it('seal with the newest, open with the older, and move nothing of the index', async () => {
    const { open, enter } = scene();
    const tenancy = open();
    const tenant = await enter(tenancy);
    const [data, ids] = [await hex(tenant, 'payload'), await hex(tenant, 'ids')];
    expect(await keyVersions(tenant)).toEqual([{ version: 1, state: 'active' }]);
    expect(await tenancy.rotate(tenant)).toEqual([
      { version: 2, state: 'active' },
      { version: 1, state: 'decrypt-only' },
    ]);
    expect(await hex(tenant, 'payload')).not.toBe(data);
    expect(await hex(tenant, 'payload')).toBe(await hex(tenant, 'payload', 2));
    expect(await hex(tenant, 'payload', 1)).toBe(data);
    expect(await hex(tenant, 'ids')).toBe(ids);
    await expect(tenancy.retire(tenant, 2)).rejects.toEqual(code('ERR_TENANCY_KEY_ACTIVE'));
    await expect(tenancy.retire(tenant, 3)).rejects.toEqual(code('ERR_TENANCY_DERIVATION'));
    expect((await tenancy.retire(tenant, 1))[1]).toEqual({ version: 1, state: 'destroyed' });
    await expect(hex(tenant, 'payload', 1)).rejects.toEqual(code('ERR_TENANCY_KEY_DESTROYED'));
    await expect(hex(tenant, 'payload', 9)).rejects.toEqual(code('ERR_TENANCY_DERIVATION'));
    await expect(hex(tenant, 'ids', 1)).rejects.toEqual(code('ERR_TENANCY_DERIVATION'));
    await tenancy.close();
  });

  it('are the same in every process, whoever rotates, and racing rotations make one', async () => {
    const { open, enter } = scene();
    const tenancies = Array.from({ length: 8 }, () => open());
    const tenants = await Promise.all(tenancies.map((tenancy) => enter(tenancy)));
    await Promise.all(tenancies.map((tenancy, index) => tenancy.rotate(tenants[index] as Tenant)));
    const versions = await Promise.all(tenants.map(keyVersions));
    const [newest] = versions[0] ?? [];
    expect(newest?.version).toBeGreaterThan(1);
    for (const tenant of tenants) {
      expect(await keyVersions(tenant)).toEqual(await keyVersions(tenants[0] as Tenant));
      expect(await hex(tenant, 'vector')).toBe(await hex(tenants[0] as Tenant, 'vector'));
    }
  });

  it('says that a key was lost instead of making another', async () => {
    const { open, enter, broker } = scene();
    const tenancy = open();
    await tenancy.rotate(await enter(tenancy));
    const bound = lengthPrefixed('cloister/tenant-root/v1', claims.issuer, claims.tenant, 'data', bigEndian(1, 4));
    expect(await broker.destroy(toHex(sha256(bound)))).toBe(true);
    await expect(enter(open())).rejects.toEqual(code('ERR_TENANCY_TAMPERED'));
  });

  it('give subkeys that a second implementation derives from what is stored', async () => {
    const { open, enter, broker } = scene();
    const tenancy = open();
    const tenant = await enter(tenancy);
    await tenancy.rotate(tenant);
    for (const purpose of Object.keys(KEY_PURPOSES) as KeyPurpose[]) {
      for (const version of KEY_PURPOSES[purpose] === 'data' ? [1, 2] : [1]) {
        const root = KEY_PURPOSES[purpose];
        // LP written out: four bytes of length, then the bytes.
        const lp = (text: string): Uint8Array => concat(bigEndian(Buffer.byteLength(text), 4), Buffer.from(text));
        const names = ['cloister/tenant-root/v1', claims.issuer, claims.tenant, root].map(lp);
        const bound = concat(...names, bigEndian(4, 4), bigEndian(version, 4));
        const key = await broker.unwrap((await broker.get(toHex(sha256(bound)))) ?? new Uint8Array(), bound);
        const message = concat(lp(purpose), lp('notes'), bigEndian(7, 4));
        const options = { collection: 'notes', epoch: 7, ...(root === 'data' ? { version } : {}) };
        expect(toHex(await deriveSubkey(tenant, purpose, options))).toBe(toHex(blake2b(message, { key, dkLen: 32 })));
      }
    }
  });
});

describe('the cache of roots', () => {
  it('is bounded: roots that gave way are zeroed and loaded again', async () => {
    const { directory, open, enter } = scene();
    const given: Uint8Array[] = [];
    const inner = localBroker(directory, { key: kek });
    const broker: KeyBroker = {
      ...inner,
      async unwrap(...query) {
        const root = await inner.unwrap(...query);
        given.push(root);
        return root;
      },
    };
    const tenancy = open({ broker, maxTenants: 2 });
    const tenants = await Promise.all(['a', 'b', 'c', 'd'].map((name) => enter(tenancy, name)));
    const keys = await Promise.all(tenants.map((tenant) => hex(tenant, 'payload')));
    const held = (): number => given.filter((root) => root.some((byte) => byte !== 0)).length;
    expect(held()).toBeLessThanOrEqual(4);
    for (let round = 0; round < 5; round++) {
      expect(await Promise.all(tenants.map((tenant) => hex(tenant, 'payload')))).toEqual(keys);
      expect(held()).toBeLessThanOrEqual(4);
    }
    await tenancy.close();
    expect(held()).toBe(0);
  });
});

describe('deriveOnce', () => {
  const made: Float64Array[] = [];
  const compute = (key: Uint8Array): Float64Array => {
    const values = Float64Array.from(key);
    made.push(values);
    return values;
  };
  const derive = (tenant: Tenant, collection: string): Promise<Float64Array> =>
    deriveOnce(tenant, 'prefix', { collection }, compute);
  const held = (): number => made.filter((values) => values.some((value) => value !== 0)).length;

  it('computes once for each subkey, gives copies, and is bounded', async () => {
    const { open, enter } = scene();
    const tenancy = open();
    const [tenant, other] = [await enter(tenancy), await enter(tenancy, 'st-john')];
    const first = await derive(tenant, 'a');
    expect(first).toEqual(Float64Array.from(await deriveSubkey(tenant, 'prefix', { collection: 'a' })));
    const kept = first.slice();
    first.fill(0);
    expect(await derive(tenant, 'a')).toEqual(kept);
    expect(made).toHaveLength(1);
    expect(await derive(tenant, 'b')).not.toEqual(kept);
    expect(await derive(other, 'a')).not.toEqual(kept);
    expect([made.length, held()]).toEqual([3, 3]);
    for (let index = 0; index < 20; index++) await derive(tenant, `c${index}`);
    expect(held()).toBeLessThanOrEqual(9);
    expect(await derive(tenant, 'a')).toEqual(kept);
  });

  it('zeroes what it kept when the roots go, whatever the reason', async () => {
    const { open, enter } = scene();
    const tenancy = open({ maxTenants: 1 });
    const tenant = await enter(tenancy);
    made.length = 0;
    const kept = await derive(tenant, 'a');
    await enter(tenancy, 'st-john');
    await derive(tenant, 'a');
    expect([made.length, held()]).toEqual([2, 1]);
    await tenancy.close();
    expect([held(), kept.every((value) => value === 0)]).toEqual([0, false]);
    await expect(derive(tenant, 'a')).rejects.toEqual(code('ERR_TENANCY_CLOSED'));
  });
});

describe('shred', () => {
  it('destroys every key for good, here and in other processes, and signs a receipt', async () => {
    const { directory, open, enter } = scene();
    const tenancy = open({ clock: { now: () => 1234.5 } });
    const [tenant, other] = [await enter(tenancy), await enter(tenancy, 'st-john')];
    await tenancy.rotate(tenant);
    await tenancy.retire(tenant, 1);
    const elsewhere = await enter(open());
    const kept = await hex(other, 'payload');
    const before = keySizes(directory).length;
    const receipt = await tenancy.shred(tenant, { signer });
    expect(await verifyShredReceipt(receipt, signer.publicKey)).toEqual({
      v: 1,
      type: 'cloister/shred',
      tenant: toHex(sha256(lengthPrefixed('keys', 'st-mary'))),
      at: 1234,
      erased: { data: [1, 2], index: true },
      unreachable: Object.keys(KEY_PURPOSES),
    });
    const shredded = code('ERR_TENANCY_SHREDDED');
    await expect(hex(tenant, 'payload')).rejects.toEqual(shredded);
    await expect(keyVersions(elsewhere)).rejects.toEqual(shredded);
    await expect(hex(elsewhere, 'payload')).rejects.toEqual(shredded);
    await expect(enter(open())).rejects.toEqual(shredded);
    expect(await hex(other, 'payload')).toBe(kept);
    // Of its three keys there are marks of one byte left; the other tenant's two keys stay.
    const sizes = keySizes(directory);
    expect(sizes.filter((size) => size === 79)).toHaveLength(2);
    expect(sizes.length).toBeLessThanOrEqual(before + 2);
    expect(await verifyShredReceipt(await tenancy.shred(tenant, { signer }), signer.publicKey)).toMatchObject({
      erased: { data: [1, 2], index: true },
    });
  });

  it('that was interrupted is brought to its end by the next one who enters', async () => {
    const { open, enter, directory } = scene();
    const tenancy = open();
    await tenancy.rotate(await enter(tenancy));
    const keys = (): number => keySizes(directory).filter((size) => size === 79).length;
    expect(keys()).toBe(3);
    const inner = localBroker(directory, { key: kek });
    let left = 1;
    const dying: KeyBroker = {
      ...inner,
      destroy: async (name) => (left-- > 0 ? inner.destroy(name) : Promise.reject(new Error('killed'))),
    };
    const doomed = open({ broker: dying });
    await expect(doomed.shred(await enter(doomed), { signer })).rejects.toThrow('killed');
    expect(keys()).toBe(2);
    await expect(enter(open())).rejects.toEqual(code('ERR_TENANCY_SHREDDED'));
    expect(keys()).toBe(0);
  });

  it('says when a broker keeps what it was told to destroy', async () => {
    const { open, enter, directory } = scene();
    const keeping: KeyBroker = { ...localBroker(directory, { key: kek }), destroy: async () => true };
    const tenancy = open({ broker: keeping });
    const shredding = enter(tenancy).then((tenant) => tenancy.shred(tenant, { signer }));
    await expect(shredding).rejects.toEqual(code('ERR_TENANCY_KEY_STORE'));
  });

  it('gives a receipt that nobody can change', async () => {
    const { open, enter } = scene();
    const tenancy = open();
    const receipt = await tenancy.shred(await enter(tenancy), { signer });
    const refused = code('ERR_TENANCY_RECEIPT');
    for (let at = 0; at < 64; at++) {
      const signature = receipt.signature.with(at, (receipt.signature[at] as number) ^ 1);
      await expect(verifyShredReceipt({ ...receipt, signature }, signer.publicKey)).rejects.toEqual(refused);
    }
    const statement = receipt.statement.replace('"at":', '"at":1');
    await expect(verifyShredReceipt({ ...receipt, statement }, signer.publicKey)).rejects.toEqual(refused);
    await expect(verifyShredReceipt(receipt, systemRandom(32))).rejects.toEqual(refused);
    await expect(verifyShredReceipt(receipt, new Uint8Array(3))).rejects.toEqual(refused);
    const signed = { statement: '{}', signature: await signer.sign(lengthPrefixed('cloister/shred/v1', '{}')) };
    await expect(verifyShredReceipt(signed, signer.publicKey)).rejects.toEqual(refused);
  });
});
