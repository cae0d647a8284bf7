import type { AssembledPrompt } from '@cloister/prompt';
import type { CacheScope } from '@cloister/session';
import type { ArrowNotes } from '../arrow.ts';
import type { Chain } from '../chain.ts';
import type { OpenSession } from '../session.ts';

/** What the gateway needs to place the prompt in its own part of the prefix cache. */
export interface CachePlace {
  readonly scope: CacheScope;
  readonly salt: string;
}

/**
 * -> isolated session: the salt of this conversation, unless the class of the prompt forbids sharing that wide.
 * @throws CloisterError `ERR_SESSION_SCOPE_TOO_WIDE`, `ERR_SESSION_ENDED`
 */
export function isolate(
  chain: Chain,
  { cache }: OpenSession,
  { label }: AssembledPrompt,
  notes: ArrowNotes,
): CachePlace {
  const widest = chain.policy.classes[label].widestCacheScope;
  const salt = cache.salt({ label, widest });
  notes.checked.push(`scope ${cache.scope}`, `widest allowed ${widest}`);
  notes.attributes = { 'cloister.cache.scope': cache.scope, 'cloister.classification': label };
  return { scope: cache.scope, salt };
}
