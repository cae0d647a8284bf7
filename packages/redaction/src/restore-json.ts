import { type Classification, parseJson } from '@cloister/core';
import { createRestorer } from './create-restorer.ts';
import type { Restored } from './masked.ts';
import type { Vault } from './vault-types.ts';

/** Every string of a JSON text, and the colon that makes it the name of a member. */
const STRING = /"(?:[^"\\]|\\.)*"(\s*:)?/gs;

/**
 * Restores the values of a JSON text, such as the arguments of a tool call: in strings only, each by itself, escaped again.
 * Names of members, numbers and spacing stay as they are; a value that is or holds a link keeps its tokens.
 * @param options.clearance of whoever the call goes to; there is no default, because a tool acts outside
 * @throws what `parseJson` of core throws when it is no JSON, ERR_REDACTION_VAULT_CLOSED
 */
export function restoreJson(vault: Vault, json: string, options: { readonly clearance: Classification }): Restored {
  parseJson(json);
  return json.replace(STRING, (literal, colon: string | undefined) => {
    if (colon !== undefined) return literal;
    const restorer = createRestorer(vault, options);
    const masked = JSON.parse(literal) as string;
    const restored = restorer.push(masked) + restorer.end();
    return restored === masked ? literal : JSON.stringify(restored);
  }) as Restored;
}
