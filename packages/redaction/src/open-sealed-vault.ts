import { type Classification, fromHex, fromUtf8, zero } from '@cloister/core';
import { toCodeUnits } from './code-units.ts';
import { createVault } from './create-vault.ts';
import { redactionError } from './errors.ts';
import { createCipher, SALT_LENGTH, type VaultPlace } from './seal-vault.ts';
import type { EntryType } from './types.ts';
import type { VaultEntry } from './vault-entry.ts';
import { nameOf } from './vault-secret.ts';
import { openVault } from './vault-state.ts';
import type { Vault } from './vault-types.ts';

/** What `sealVault` wrote; whatever opens was written by it, so its shape is not checked again. */
interface VaultRecord {
  readonly key: readonly number[];
  readonly entries: readonly {
    readonly digest: string;
    readonly type: EntryType;
    readonly id: string;
    readonly label?: Classification;
    readonly sources: readonly string[];
    readonly forms: readonly string[];
  }[];
  readonly surnames: readonly (readonly [string, string | null])[];
}

/**
 * The vault that `sealVault` sealed for the same tenant, session and version.
 * @throws CloisterError ERR_REDACTION_VAULT_SEALED for any other key, place or bytes; ERR_REDACTION_VAULT_KEY
 */
export async function openSealedVault(sealed: Uint8Array, place: VaultPlace): Promise<Vault> {
  const cipher = await createCipher(place, sealed.subarray(0, SALT_LENGTH));
  const plaintext = await crypto.subtle
    .decrypt(cipher.parameters, cipher.key, Uint8Array.from(sealed.subarray(SALT_LENGTH)))
    .catch(() => {
      throw redactionError('ERR_REDACTION_VAULT_SEALED');
    });
  const bytes = new Uint8Array(plaintext);
  const record = JSON.parse(fromUtf8(bytes)) as VaultRecord;
  zero(bytes);
  const vault = createVault({ key: Uint8Array.from(record.key) });
  const state = openVault(vault);
  for (const { digest, type, id, label, sources, forms } of record.entries) {
    const entry: VaultEntry = { type, id, label, sources: new Set(sources), forms: forms.map(toCodeUnits) };
    state.byDigest.set(nameOf(fromHex(digest)), entry);
    state.byId.set(id, entry);
    state.ids.add(id);
    state.values += forms.length;
  }
  for (const [digest, person] of record.surnames) state.surnames.set(nameOf(fromHex(digest)), person);
  return vault;
}
