import type { CacheScope } from '@cloister/session';
import type { Chain } from './chain.ts';
import { recordEvent } from './events.ts';
import { openHistory, remembers } from './open-history.ts';
import { openSession, type RuntimeSession } from './session.ts';

/** Opens a conversation and records its beginning and its end. */
export async function openRuntimeSession(chain: Chain, scope: CacheScope, resume?: string): Promise<RuntimeSession> {
  const references = await chain.references.current();
  const context = references.context(chain.claims);
  const session = await openSession(chain.tenant, {
    scope,
    model: chain.inference.model,
    identity: chain.inference.enclave.identity.digest,
    ...(remembers(chain, scope) ? { remember: (cache) => openHistory(chain, cache, resume) } : {}),
    onEnd: async (id) => {
      await recordEvent(chain.audit, {
        type: 'session.end',
        outcome: 'allow',
        ...context,
        session: references.pseudonym('session', id),
        reason: 'ended',
      });
    },
  });
  const reference = references.pseudonym('session', session.id);
  await recordEvent(chain.audit, { type: 'session.open', outcome: 'allow', ...context, session: reference, scope });
  return session;
}
