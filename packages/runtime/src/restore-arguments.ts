import { type Classification, covers } from '@cloister/core';
import { restoreJson, type RestoredJson } from '@cloister/redaction';
import type { Chain } from './chain.ts';
import { resolveSession, type RuntimeSession } from './session.ts';

/** Who gets the arguments of a tool call. */
export interface ToolRecipient {
  /** The highest class that the tool may see. What the caller may not see, no tool sees for the caller. */
  readonly clearance: Classification;
}

/**
 * Puts the values back into the arguments that a model wrote for a tool: as JSON, in strings only, never into links.
 * @throws CloisterError `ERR_RUNTIME_SESSION_FOREIGN`, `ERR_REDACTION_VAULT_CLOSED`, what `parseJson` of core throws
 */
export function restoreArguments(
  chain: Chain,
  session: RuntimeSession,
  json: string,
  { clearance }: ToolRecipient,
): RestoredJson {
  const { vault } = resolveSession(session, chain.tenant);
  const own = chain.claims.clearance;
  return restoreJson(vault, json, { clearance: covers(own, clearance) ? clearance : own });
}
