import { equalsCodeUnits } from './code-units.ts';
import type { VaultEntry } from './vault-entry.ts';

/** Where a vault has put a spelling: the entry and the place among its forms. */
export interface KnownForm {
  readonly entry: VaultEntry;
  readonly form: number;
}

/** Finds spellings that a vault has already, without the keyed hash that a new one costs and without keeping a string. */
export interface WrittenIndex {
  find(type: string, written: string): KnownForm | undefined;
  add(written: string, known: KnownForm): void;
  clear(): void;
}

/**
 * An index by a 32-bit hash of type and spelling. A hit counts only when the stored code units are the same; of two spellings
 * with one hash the later stays, and the other one takes the longer way.
 */
export function createWrittenIndex(): WrittenIndex {
  const forms = new Map<number, KnownForm>();
  return {
    find(type, written) {
      const known = forms.get(hash(type, written));
      const units = known?.entry.forms[known.form];
      return known?.entry.type === type && units !== undefined && equalsCodeUnits(units, written) ? known : undefined;
    },
    add: (written, known) => void forms.set(hash(known.entry.type, written), known),
    clear: () => forms.clear(),
  };
}

/** FNV-1a over code units; says nothing that must stay secret and is never written down. */
function hash(type: string, written: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < type.length; index++) value = Math.imul(value ^ type.charCodeAt(index), 0x01000193);
  for (let index = 0; index < written.length; index++) value = Math.imul(value ^ written.charCodeAt(index), 0x01000193);
  return value;
}
