import { covers, type Classification } from '@cloister/core';
import type { Turn } from '@cloister/session';
import type { Chain } from './chain.ts';
import { runtimeError } from './errors.ts';
import { resolveSession, type RuntimeSession } from './session.ts';

/** What an agent writes down between questions. */
export interface AgentNote {
  /** `tool`: what a tool gave back. `note`: a scratch note of the agent's own. */
  readonly role: 'tool' | 'note';
  readonly text: string;
  /** The class of the text; the caller's clearance unless given. */
  readonly label?: Classification;
}

/**
 * Keeps a note under the rules of the conversation: sealed, in its chain, as long as the policy lets its class be remembered,
 * gone with the session.
 * @throws CloisterError `ERR_RUNTIME_NOT_REMEMBERED`, `ERR_RUNTIME_SESSION_FOREIGN`; what `Memory.append` throws
 */
export async function keepNote(chain: Chain, session: RuntimeSession, note: AgentNote): Promise<void> {
  const { history } = resolveSession(session, chain.tenant);
  const { role, text, label = chain.claims.clearance } = note;
  if (history === undefined || chain.policy.classes[label].memorySeconds === undefined)
    throw runtimeError('ERR_RUNTIME_NOT_REMEMBERED');
  await history.memory.append({ role, text, label });
}

/**
 * The notes of a session that its caller may see, oldest first. They are in no prompt unless the application puts them there.
 * @throws CloisterError `ERR_RUNTIME_SESSION_FOREIGN`; what `Memory.turns` throws
 */
export function readNotes(chain: Chain, session: RuntimeSession): readonly (Turn & AgentNote)[] {
  const { history } = resolveSession(session, chain.tenant);
  const isNote = (turn: Turn): turn is Turn & AgentNote => turn.role === 'tool' || turn.role === 'note';
  return (history?.memory.turns() ?? []).filter(isNote).filter(({ label }) => covers(chain.claims.clearance, label));
}
