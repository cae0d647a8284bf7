import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '@cloister/core';
import type { Tenant } from '@cloister/core';
import { createTenancy, localBroker } from '@cloister/tenancy';
import type { Tenancy } from '@cloister/tenancy';
import { assertPrincipal } from '@cloister/tenancy/unsafe';
import type { TestCollection } from './cranfield.ts';

/** A tenancy of its own in a folder that goes with it. */
export interface SealedWorld extends AsyncDisposable {
  readonly directory: string;
  readonly tenancy: Tenancy;
  /** A tenant by name, with every right. */
  enter(name: string): Promise<Tenant>;
}

/** Starts with no keys. */
export function createSealedWorld(): SealedWorld {
  const directory = mkdtempSync(join(tmpdir(), 'cloister-evaluate-'));
  const broker = localBroker(join(directory, 'keys'), { key: systemRandom(32) });
  const tenancy = createTenancy({ broker });
  const rights = { groups: ['all'], clearance: 'restricted', compartments: [], purpose: 'evaluation' } as const;
  return {
    directory,
    tenancy,
    enter: (tenant) => tenancy.tenant(assertPrincipal({ issuer: 'evaluate', tenant, subject: 'evaluate', ...rights })),
    async [Symbol.asyncDispose]() {
      await tenancy.close();
      await broker.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The documents of a collection as they are ingested. */
export function asDocuments({ documents }: TestCollection): readonly {
  readonly id: string;
  readonly text: string;
  readonly label: 'internal';
  readonly acl: readonly string[];
}[] {
  return documents.map(({ id, text }) => ({ id, text, label: 'internal', acl: ['all'] }));
}
