import { concat, hmacSha256, lengthPrefixed, systemRandom, zero } from '@cloister/core';
import { redactionError } from '../errors.ts';
import { packVault } from './pack-vault.ts';
import { openVault } from './vault-state.ts';
import type { Vault } from './vault-types.ts';

/** What a sealed vault belongs to; all of it is authenticated, so a vault opens nowhere else. */
export interface VaultPlace {
  /** 32 secret bytes, for example the tenant subkey for the purpose `vault`. */
  readonly key: Uint8Array;
  readonly tenant: string;
  readonly session: string;
  /** Counts up with each sealing and is kept by the caller: an older copy does not open under a newer number. */
  readonly version: number;
}

/** Bytes of a key, which comes before the values. */
export const KEY_LENGTH = 32;

/** Bytes of random salt in front of the ciphertext. */
export const SALT_LENGTH = 32;

/**
 * A vault as bytes that may lie on a disk: 32 bytes of salt, then AES-256-GCM (NIST SP 800-38D) under a key that this salt
 * alone has, over the vault's key and values; tenant, session and version are authenticated.
 * @throws CloisterError ERR_REDACTION_VAULT_KEY, ERR_REDACTION_VAULT_CLOSED, ERR_REDACTION_NOT_A_VAULT
 */
export async function sealVault(vault: Vault, place: VaultPlace): Promise<Uint8Array> {
  const state = openVault(vault);
  const salt = systemRandom(SALT_LENGTH);
  const cipher = await createCipher(place, salt);
  const values = packVault(state);
  const plaintext = Uint8Array.from(concat(state.secret.key(), values));
  zero(values);
  const sealed = await crypto.subtle.encrypt(cipher.parameters, cipher.key, plaintext);
  zero(plaintext);
  return concat(salt, new Uint8Array(sealed));
}

/** The cipher of one sealing. The key is used once, so the nonce is constant. */
export async function createCipher(
  { key, tenant, session, version }: VaultPlace,
  salt: Uint8Array,
): Promise<{ readonly key: CryptoKey; readonly parameters: AesGcmParams }> {
  if (key.length !== KEY_LENGTH) throw redactionError('ERR_REDACTION_VAULT_KEY');
  const derived = Uint8Array.from(hmacSha256(key, lengthPrefixed('cloister/vault-seal/v1', salt)));
  const additionalData = Uint8Array.from(lengthPrefixed('cloister/vault/v2', tenant, session, String(version)));
  const imported = await crypto.subtle.importKey('raw', derived, 'AES-GCM', false, ['encrypt', 'decrypt']);
  zero(derived);
  return { key: imported, parameters: { name: 'AES-GCM', iv: new Uint8Array(12), additionalData } };
}
