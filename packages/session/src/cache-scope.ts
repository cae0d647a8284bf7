import type { Classification } from '@cloister/core';

/**
 * Who may share a prefix-cache entry, narrowest first, so that a scope's index is its width: one request, one
 * conversation, one subject, one group of the tenant, the whole tenant (DESIGN 6.6).
 */
export const CACHE_SCOPES = ['request', 'session', 'user', 'group', 'tenant'] as const;

/** One of `CACHE_SCOPES`. */
export type CacheScope = (typeof CACHE_SCOPES)[number];

/** The widest scope for data of each class unless a policy says otherwise. */
export const WIDEST_SCOPES: Readonly<Record<Classification, CacheScope>> = {
  public: 'tenant',
  internal: 'tenant',
  confidential: 'user',
  restricted: 'session',
};

/** Whether `value` names a scope. */
export function isCacheScope(value: unknown): value is CacheScope {
  return (CACHE_SCOPES as readonly unknown[]).includes(value);
}

/** The widest scope for data of class `label`. */
export function widestScope(label: Classification): CacheScope {
  return WIDEST_SCOPES[label];
}

/** Whether `scope` shares no more widely than `widest`. */
export function isWithinScope(scope: CacheScope, widest: CacheScope): boolean {
  return CACHE_SCOPES.indexOf(scope) <= CACHE_SCOPES.indexOf(widest);
}
