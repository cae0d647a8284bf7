import { type Classification, parseJson, type Restored } from '@cloister/core';
import { createRestorer, type RestoreReport } from '../restore/create-restorer.ts';
import { JSON_STRING } from './json-literals.ts';
import type { Masked } from '../masked.ts';
import type { RestoreOptions, Vault } from '../vault/vault-types.ts';

/** A JSON text with its values put back, and what became of its tokens. */
export interface RestoredJson {
  readonly text: Restored;
  readonly report: RestoreReport;
}

/**
 * Restores the values of a JSON text, such as the arguments of a tool call: in strings only, each by itself, escaped again.
 * Names of members, numbers and spacing stay as they are; a value that is or holds a link keeps its tokens.
 * @param options.clearance of whoever the call goes to; there is no default, because a tool acts outside
 * @throws what `parseJson` of core throws when it is no JSON, ERR_REDACTION_VAULT_CLOSED
 */
export function restoreJson(vault: Vault, json: string, options: { readonly clearance: Classification }): RestoredJson {
  parseJson(json);
  const total = { restored: 0, repaired: 0, withheld: 0, inLinks: 0, unknown: 0 };
  const text = json.replace(JSON_STRING, (literal, colon: string | undefined) => {
    if (colon !== undefined) return literal;
    const restorer = createRestorer(vault, options);
    const masked = JSON.parse(literal) as string;
    const restored = restorer.push(masked) + restorer.end();
    const report = restorer.report();
    for (const outcome of Object.keys(total) as (keyof RestoreReport)[]) total[outcome] += report[outcome];
    return restored === masked ? literal : JSON.stringify(restored);
  }) as Restored;
  return { text, report: total };
}

/**
 * The way back from `redactJson` with the same vault: names of members and links are restored as well. A number that was
 * masked comes back as a string.
 * @throws ERR_REDACTION_VAULT_CLOSED, and what `parseJson` of core throws
 */
export function unmaskJson(vault: Vault, json: Masked, options: RestoreOptions = {}): Restored {
  parseJson(json);
  return json.replace(JSON_STRING, (literal, colon = '') => {
    const name = literal.slice(0, literal.length - (colon as string).length);
    return JSON.stringify(vault.unmask(JSON.parse(name) as Masked, options)) + (colon as string);
  }) as Restored;
}
