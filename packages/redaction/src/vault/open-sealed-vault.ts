import { zero } from '@cloister/core';
import { createVault } from './create-vault.ts';
import { redactionError } from '../errors.ts';
import { createCipher, KEY_LENGTH, SALT_LENGTH, type VaultPlace } from './seal-vault.ts';
import { unpackVault } from './pack-vault.ts';
import { openVault } from './vault-state.ts';
import type { Vault } from './vault-types.ts';

/**
 * The vault that `sealVault` sealed for the same tenant, session and version. Whatever opens was written by it, so its shape is not
 * checked again.
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
  const vault = createVault({ key: bytes.subarray(0, KEY_LENGTH) });
  unpackVault(bytes.subarray(KEY_LENGTH), openVault(vault));
  zero(bytes);
  return vault;
}
