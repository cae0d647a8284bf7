import { hmacSha256, lengthPrefixed, toHex, zero, type Tenant } from '@cloister/core';
import { deriveSubkey } from '@cloister/tenancy';

/** A name by which stores and ledgers know something of a tenant's sessions: 32 hex digits that tell them nothing. */
export async function keyedName(tenant: Tenant, ...parts: readonly string[]): Promise<string> {
  const key = await deriveSubkey(tenant, 'ids', { collection: 'sessions' });
  const name = toHex(hmacSha256(key, lengthPrefixed(...parts)).subarray(0, 16));
  zero(key);
  return name;
}
