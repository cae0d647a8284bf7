import { blake2b } from '@noble/hashes/blake2.js';
import { bigEndian, concat, lengthPrefixed, systemRandom, toHex } from '@cloister/core';
import type { KeyBroker } from '@cloister/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTenancy } from './create-tenancy.ts';
import { deriveSubkey } from './derive-subkey.ts';
import { KEY_PURPOSES } from './key-purposes.ts';
import type { KeyPurpose } from './key-purposes.ts';
import { assertPrincipal } from './unsafe/index.ts';

/** A broker in memory that hands out the roots it was asked to wrap, so that the test can derive on its own. */
function openBroker(): { readonly broker: KeyBroker; readonly roots: Uint8Array[] } {
  const stored = new Map<string, Uint8Array>();
  const roots: Uint8Array[] = [];
  const broker: KeyBroker = {
    wrap: async (key) => Uint8Array.from(key),
    unwrap: async (wrapped) => {
      roots.push(Uint8Array.from(wrapped));
      return Uint8Array.from(wrapped);
    },
    get: async (name) => stored.get(name),
    putIfAbsent: async (name, value) => {
      if (!stored.has(name)) stored.set(name, value);
      return stored.get(name) ?? value;
    },
    destroy: async (name) => stored.delete(name),
  };
  return { broker, roots };
}

const { broker, roots } = openBroker();
const tenant = await createTenancy({ broker, random: systemRandom }).tenant(
  assertPrincipal({
    issuer: 'i',
    tenant: 't',
    subject: 's',
    groups: [],
    clearance: 'public',
    compartments: [],
    purpose: 'p',
  }),
);
const [dataRoot, indexRoot] = roots;

const purpose = fc.constantFrom(...(Object.keys(KEY_PURPOSES) as KeyPurpose[]));
const collection = fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => text.isWellFormed());
const epoch = fc.oneof(fc.constantFrom(0, 1, 2 ** 32 - 1), fc.nat());
const subject = fc.record({ purpose, collection, epoch });

describe('deriveSubkey', () => {
  it('is keyed BLAKE2b of the documented bytes, by a second implementation', async () => {
    expect(dataRoot).not.toEqual(indexRoot);
    await fc.assert(
      fc.asyncProperty(subject, async (one) => {
        const key = KEY_PURPOSES[one.purpose] === 'data' ? dataRoot : indexRoot;
        const message = concat(lengthPrefixed(one.purpose, one.collection), bigEndian(one.epoch, 4));
        expect(toHex(await deriveSubkey(tenant, one.purpose, one))).toBe(
          toHex(blake2b(message, { key: key ?? new Uint8Array(), dkLen: 32 })),
        );
      }),
    );
  });

  it('gives another key for every other purpose, collection or epoch', async () => {
    await fc.assert(
      fc.asyncProperty(subject, subject, async (left, right) => {
        const same = JSON.stringify(left) === JSON.stringify(right);
        const [one, two] = await Promise.all([left, right].map((each) => deriveSubkey(tenant, each.purpose, each)));
        expect(toHex(one ?? new Uint8Array()) === toHex(two ?? new Uint8Array())).toBe(same);
      }),
    );
  });

  it('never collides over all purposes, some collections and some epochs', async () => {
    const keys = new Set<string>();
    const collections = ['', 'a', 'ab', 'b', 'notes', 'notes\u0000', 'payload', '\u0000\u0000\u0000\u0001'];
    for (const name of Object.keys(KEY_PURPOSES) as KeyPurpose[]) {
      for (const each of collections) {
        for (const at of [0, 1, 2, 256, 2 ** 31, 2 ** 32 - 1]) {
          keys.add(toHex(await deriveSubkey(tenant, name, { collection: each, epoch: at })));
        }
      }
    }
    expect(keys.size).toBe(11 * collections.length * 6);
  });

  it('hands out a copy that the caller may zero', async () => {
    const first = await deriveSubkey(tenant, 'ids');
    const before = toHex(first);
    first.fill(0);
    expect(toHex(await deriveSubkey(tenant, 'ids'))).toBe(before);
  });
});
