import { canonicalJson, CLASSIFICATIONS, sha256, toHex, type JsonValue } from '@cloister/core';
import { openMemory, type CacheScope, type Session } from '@cloister/session';
import type { Chain } from './chain.ts';
import type { History } from './history.ts';

/** Retentions of the classes that are remembered, in seconds. */
function retentions({ policy }: Chain): readonly number[] {
  return CLASSIFICATIONS.flatMap((label) => policy.classes[label].memorySeconds ?? []);
}

/** Whether a session of this scope has a memory: a store is given and the policy lets some class be remembered. */
export function remembers(chain: Chain, scope: CacheScope): boolean {
  return chain.memory !== undefined && scope !== 'request' && retentions(chain).length > 0;
}

/** Opens a new memory or an earlier one. It lives no longer than the shortest retention; another policy does not open it. */
export async function openHistory(chain: Chain, cache: Session, resume: string | undefined): Promise<History> {
  const { memory, ledger, policy, tenant } = chain;
  if (memory === undefined) throw new TypeError('remembers() is asked first');
  const { summarize = false, ...settings } = memory;
  const opened = await openMemory(tenant, {
    ...settings,
    cache,
    policy: toHex(sha256(canonicalJson(policy.classes as unknown as JsonValue))),
    absoluteMilliseconds: Math.min(...retentions(chain)) * 1000,
    ...(ledger === undefined ? {} : { ledger }),
    ...(resume === undefined ? {} : { session: resume }),
  });
  return { memory: opened, summarize, start: 0 };
}
