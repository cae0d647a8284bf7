import { canonicalJson, findCloisterError, fromBase64url, parseJson, toBase64url, zero } from '@cloister/core';
import type { RandomSource } from '@cloister/core';
import * as z from 'zod';
import { tenancyError } from '../errors.ts';
import type { Sodium } from '../sodium.ts';
import { SCRYPT_COST, deriveKeyEncryptionKey, keyDerivationSchema } from './key-derivation.ts';
import type { KeyDerivation, LocalBrokerSecret } from './key-derivation.ts';
import { KEK_FILE, prepareDirectory, putKeyFileIfAbsent, readKeyFile } from './key-files.ts';
import { unwrapKey, wrapKey } from './key-wrap.ts';

/** The two keys that come from the key-encryption key: one wraps, one names files. */
export interface DirectoryKeys {
  readonly wrap: Uint8Array;
  readonly names: Uint8Array;
}

interface KekFile {
  readonly v: 1;
  readonly derivation: KeyDerivation;
  /** A wrapped key of zeroes, bound to `derivation`: tells a wrong passphrase from the right one. */
  readonly check: string;
}

const kekFileSchema: z.ZodType<KekFile> = z.strictObject({
  v: z.literal(1),
  derivation: keyDerivationSchema,
  check: z.string().regex(/^[A-Za-z0-9_-]{100}$/),
});

/**
 * Opens the directory with its secret, or makes it on first use; racing makers agree on one salt.
 * @throws CloisterError `ERR_TENANCY_WRONG_KEK`, `ERR_TENANCY_KEK`, `ERR_TENANCY_KEY_STORE` or `ERR_TENANCY_TAMPERED`
 */
export async function openKeyDirectory(
  sodium: Sodium,
  directory: string,
  secret: LocalBrokerSecret,
  random: RandomSource,
): Promise<DirectoryKeys> {
  await prepareDirectory(directory);
  const stored = (await readKeyFile(directory, KEK_FILE)) ?? (await createKekFile(sodium, directory, secret, random));
  const { derivation, check } = parseKekFile(stored);
  const keys = await deriveKeys(sodium, secret, derivation);
  try {
    unwrapKey(sodium, keys.wrap, fromBase64url(check), canonicalJson(derivation));
  } catch {
    throw tenancyError('ERR_TENANCY_WRONG_KEK');
  }
  return keys;
}

async function createKekFile(
  sodium: Sodium,
  directory: string,
  secret: LocalBrokerSecret,
  random: RandomSource,
): Promise<Uint8Array> {
  const derivation: KeyDerivation =
    'key' in secret ? { name: 'none' } : { name: 'scrypt', n: SCRYPT_COST, r: 8, p: 1, salt: toBase64url(random(16)) };
  const keys = await deriveKeys(sodium, secret, derivation);
  const check = wrapKey(sodium, keys.wrap, new Uint8Array(32), canonicalJson(derivation), random);
  zero(keys.wrap);
  zero(keys.names);
  return putKeyFileIfAbsent(directory, KEK_FILE, canonicalJson({ v: 1, derivation, check: toBase64url(check) }));
}

function parseKekFile(bytes: Uint8Array): KekFile {
  try {
    return kekFileSchema.parse(parseJson(bytes, { maxDepth: 4 }));
  } catch (error) {
    throw tenancyError('ERR_TENANCY_TAMPERED', { subject: KEK_FILE, cause: findCloisterError(error) });
  }
}

async function deriveKeys(
  sodium: Sodium,
  secret: LocalBrokerSecret,
  derivation: KeyDerivation,
): Promise<DirectoryKeys> {
  const kek = await deriveKeyEncryptionKey(secret, derivation);
  try {
    return {
      wrap: sodium.crypto_generichash(32, 'cloister/local-broker/wrap/v1', kek),
      names: sodium.crypto_generichash(32, 'cloister/local-broker/names/v1', kek),
    };
  } finally {
    zero(kek);
  }
}
