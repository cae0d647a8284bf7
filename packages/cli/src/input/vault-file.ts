import { open, readFile, rename } from 'node:fs/promises';
import { fromHex, zero } from '@cloister/core';
import { createVault, openSealedVault, sealVault, type Vault, type VaultPlace } from '@cloister/redaction';
import type { CommandOption, Invocation } from '../command.ts';
import { cliError } from '../errors.ts';

/** The options that `readVaultPlace` reads. */
export const VAULT_OPTIONS: Readonly<Record<string, CommandOption>> = {
  vault: { value: 'FILE', help: 'the sealed vault: the way back from tokens to values' },
  key: { value: 'FILE', help: 'the key of the vault: 32 bytes, raw or as 64 hexadecimal digits' },
  tenant: { value: 'NAME', help: 'tenant that the vault is bound to; "cli" unless given' },
  session: { value: 'NAME', help: 'session that the vault is bound to; "cli" unless given' },
  version: { value: 'NUMBER', help: 'version that the vault is bound to; 1 unless given' },
};

/** A vault on disk. */
export interface VaultFile extends VaultPlace {
  readonly file: string;
}

/**
 * Where the vault is and how it opens; `undefined` when the command line names none.
 * @throws ERR_CLI_OPTION_MISSING, ERR_CLI_OPTION_VALUE, ERR_CLI_KEY_FILE
 */
export async function readVaultPlace(invocation: Invocation): Promise<VaultFile | undefined> {
  const option = (name: string): string | undefined => invocation.option(name);
  if (option('vault') === undefined && option('key') === undefined) return undefined;
  const [file, key] = [invocation.need('vault'), invocation.need('key')];
  const version = option('version') ?? '1';
  if (!/^\d{1,9}$/.test(version)) throw cliError('ERR_CLI_OPTION_VALUE', { subject: '--version' });
  const [tenant, session] = [option('tenant') ?? 'cli', option('session') ?? 'cli'];
  return { file, key: await readKey(key), tenant, session, version: Number(version) };
}

/**
 * Opens the vault; with `orCreate` a file that is not there is an empty vault.
 * @throws ERR_CLI_FILE_UNREADABLE, ERR_REDACTION_VAULT_SEALED
 */
export async function openVaultFile(place: VaultFile, options: { readonly orCreate?: boolean } = {}): Promise<Vault> {
  let sealed: Uint8Array;
  try {
    sealed = await readFile(place.file);
  } catch (error) {
    if (options.orCreate === true && (error as NodeJS.ErrnoException).code === 'ENOENT') return createVault();
    throw cliError('ERR_CLI_FILE_UNREADABLE', { subject: place.file });
  }
  return openSealedVault(sealed, place);
}

/**
 * Seals the vault into its file: whole or not at all, for this user's eyes only.
 * @throws ERR_CLI_FILE_UNWRITABLE
 */
export async function saveVaultFile(vault: Vault, place: VaultFile): Promise<void> {
  const sealed = await sealVault(vault, place);
  try {
    const next = `${place.file}.next`;
    await using handle = await open(next, 'w', 0o600);
    await handle.writeFile(sealed);
    await handle.sync();
    await rename(next, place.file);
  } catch {
    throw cliError('ERR_CLI_FILE_UNWRITABLE', { subject: place.file });
  }
}

async function readKey(file: string): Promise<Uint8Array> {
  const bytes = await readFile(file).catch(() => {
    throw cliError('ERR_CLI_FILE_UNREADABLE', { subject: file });
  });
  if (bytes.length === 32) return new Uint8Array(bytes);
  const text = bytes.toString('latin1').trim();
  zero(bytes);
  if (!/^[0-9a-f]{64}$/i.test(text)) throw cliError('ERR_CLI_KEY_FILE', { subject: file });
  return fromHex(text.toLowerCase());
}
