import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '@cloister/core';
import type { KeyBroker, Ledger, Principal, PrincipalClaims, Tenant, VectorStore } from '@cloister/core';
import { createTenancy, localBroker, localLedger } from '@cloister/tenancy';
import type { Tenancy } from '@cloister/tenancy';
import { assertPrincipal } from '@cloister/tenancy/unsafe';
import { afterAll } from 'vitest';
import type { IngestDocument } from '../src/index.ts';
import { sqliteStore } from '../src/sqlite/index.ts';

const scratch = mkdtempSync(join(tmpdir(), 'cloister-retriever-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The tenancy of the tests of this file. Every call asks its broker something, and tests make many. */
export const tenancy: Tenancy = createTenancy({
  broker: inMemory(localBroker(join(scratch, 'keys'), { key: systemRandom(32) })),
});
afterAll(() => tenancy.close());

/** A broker that wraps keys like another one and keeps them in memory instead of in files. */
function inMemory(broker: KeyBroker): KeyBroker {
  const held = new Map<string, Uint8Array>();
  return {
    wrap: (key, context) => broker.wrap(key, context),
    unwrap: (wrapped, context) => broker.unwrap(wrapped, context),
    get: async (name) => held.get(name),
    async putIfAbsent(name, value) {
      const stored = held.get(name) ?? value;
      held.set(name, stored);
      return stored;
    },
    destroy: async (name) => held.delete(name),
  };
}

let counter = 0;

/** A database file that does not exist yet. */
export function newFile(): string {
  return join(scratch, `${counter++}.db`);
}

/** An empty store that is closed after the tests of the file. */
export function newStore(path: string = newFile()): VectorStore {
  const store = sqliteStore(path);
  afterAll(() => store.close());
  return store;
}

/** An empty ledger that is closed after the tests of the file. */
export function newLedger(path: string = newFile()): Ledger {
  const ledger = localLedger(path);
  afterAll(() => ledger.close());
  return ledger;
}

/** A principal; by default a cardiologist of St Mary with every clearance. */
export function principal(claims: Partial<PrincipalClaims> = {}): Principal {
  return assertPrincipal({
    issuer: 'tests',
    tenant: 'st-mary',
    subject: 'dr-jones',
    groups: ['cardiology'],
    clearance: 'restricted',
    compartments: [],
    purpose: 'treatment',
    ...claims,
  });
}

/** The tenant capability of that principal. */
export async function enter(claims: Partial<PrincipalClaims> = {}): Promise<Tenant> {
  return tenancy.tenant(principal(claims));
}

/** A note with defaults. */
export function note(id: string, text: string, rest: Partial<IngestDocument> = {}): IngestDocument {
  return { id, text, label: 'restricted', acl: ['cardiology'], ...rest };
}

/** Five notes about different things. */
export const notes: readonly IngestDocument[] = [
  note('note-1', 'Mrs Alvarez takes metoprolol since her heart attack. The dose was doubled in May.'),
  note('note-2', 'Mr Okafor broke his left wrist on the ice. A cast was put on.'),
  note('note-3', 'Ms Tanaka reports headaches in the morning and blurred vision.'),
  note('note-4', 'The physiotherapy of Mr Lindqvist starts on Monday at nine.'),
  note('note-5', 'Baby Moreau was vaccinated against measles without complications.'),
];
