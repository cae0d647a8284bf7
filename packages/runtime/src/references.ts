import type { AuditContext, Clock, PrincipalClaims, Tenant } from '@cloister/core';
import { systemClock, systemRandom, toHex, zero } from '@cloister/core';
import { createPseudonymizer, type Pseudonymizer } from '@cloister/audit';
import { deriveSubkey } from '@cloister/tenancy';

/** How long one person keeps a pseudonym unless said: 90 days in milliseconds. */
export const PSEUDONYM_EPOCH: number = 90 * 86_400_000;

/** The names under which one tenant's people and requests appear in the audit log for a time. */
export interface EpochReferences {
  readonly pseudonym: Pseudonymizer;
  /** A context for one call: who, and a fresh request reference. */
  context(claims: PrincipalClaims): AuditContext;
}

/** The names of one tenant. */
export interface References {
  /** Those of now. One question or session keeps to what it got, so that its entries belong together. */
  current(): Promise<EpochReferences>;
}

/**
 * References under the tenant's own pseudonym key of the epoch, which is the time divided by `period`: entries of two tenants
 * never link, and those of one person link within an epoch and not across. Who holds the tenant's index root can find out.
 */
export function createReferences(
  tenant: Tenant,
  { period = PSEUDONYM_EPOCH, clock = systemClock }: { readonly period?: number; readonly clock?: Clock } = {},
): References {
  let last: { readonly epoch: number; readonly references: Promise<EpochReferences> } | undefined;
  return {
    current() {
      const epoch = Math.floor(clock.now() / period);
      if (last?.epoch !== epoch) {
        last = { epoch, references: derive(tenant, epoch) };
        // A key store that fails now may answer later.
        last.references.catch(() => (last = undefined));
      }
      return last.references;
    },
  };
}

async function derive(tenant: Tenant, epoch: number): Promise<EpochReferences> {
  const key = await deriveSubkey(tenant, 'pseudonyms', { epoch });
  const pseudonym = createPseudonymizer(key);
  zero(key);
  return {
    pseudonym,
    context: (claims) => ({
      tenant: pseudonym('tenant', claims.tenant),
      actor: pseudonym('actor', claims.subject),
      request: pseudonym('request', toHex(systemRandom(16))),
    }),
  };
}
