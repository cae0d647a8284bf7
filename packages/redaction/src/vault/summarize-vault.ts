import type { VaultState } from './vault-state.ts';
import type { VaultSummary } from './vault-types.ts';
import { spellId } from './id.ts';
import { idOf } from './id-index.ts';
import { listSources } from './sources.ts';
import { countForms, labelOf, sourceOf, typeOf } from './values.ts';

/** What a vault holds, entry by entry, without values. */
export function summarizeVault({ values, ids, sources }: VaultState): readonly VaultSummary[] {
  return Array.from({ length: values.entries.count }, (_, entry) => ({
    type: typeOf(values, entry),
    id: spellId(idOf(ids, entry)),
    label: labelOf(values, entry),
    sources: listSources(sources, sourceOf(values, entry)),
    forms: countForms(values, entry),
  }));
}
