import type { AuditContext, PrincipalClaims, Tenant } from '@cloister/core';
import { systemRandom, toHex, zero } from '@cloister/core';
import { createPseudonymizer, type Pseudonymizer } from '@cloister/audit';
import { deriveSubkey } from '@cloister/tenancy';

/** The names under which one tenant's people and requests appear in the audit log. */
export interface References {
  readonly pseudonym: Pseudonymizer;
  /** A context for one call: who, and a fresh request reference. */
  context(claims: PrincipalClaims): AuditContext;
}

/** References under the tenant's own pseudonym key: two tenants' entries never link. */
export async function createReferences(tenant: Tenant): Promise<References> {
  const key = await deriveSubkey(tenant, 'pseudonyms');
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
