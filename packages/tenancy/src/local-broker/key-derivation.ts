import { scrypt } from 'node:crypto';
import { fromBase64url, offHeap, utf8 } from '@cloister/core';
import * as z from 'zod';
import { tenancyError } from '../errors.ts';

/** What opens a key directory: a passphrase, or 32 random bytes. */
export type LocalBrokerSecret = { readonly passphrase: string } | { readonly key: Uint8Array };

/** How the key-encryption key comes from the secret. Stored beside the keys. */
export type KeyDerivation =
  | { readonly name: 'none' }
  | { readonly name: 'scrypt'; readonly n: number; readonly r: 8; readonly p: 1; readonly salt: string };

/** Bounds keep an altered file from asking for all memory; the least is what RFC 7914 calls interactive. */
export const keyDerivationSchema: z.ZodType<KeyDerivation> = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('none') }),
  z.strictObject({
    name: z.literal('scrypt'),
    n: z.union([z.literal(2 ** 14), z.literal(2 ** 15), z.literal(2 ** 16), z.literal(2 ** 17), z.literal(2 ** 18)]),
    r: z.literal(8),
    p: z.literal(1),
    salt: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  }),
]);

/** The cost for new directories: 128 MiB and about half a second. */
export const SCRYPT_COST: number = 2 ** 17;

/**
 * The 32-byte key-encryption key: the key itself, or scrypt (RFC 7914) over the passphrase in Unicode NFC.
 * @throws CloisterError `ERR_TENANCY_KEK` when the secret has the wrong form, `ERR_TENANCY_WRONG_KEK` when the directory
 *   was made with the other kind of secret
 */
export async function deriveKeyEncryptionKey(
  secret: LocalBrokerSecret,
  derivation: KeyDerivation,
): Promise<Uint8Array> {
  if ('key' in secret) {
    if (!(secret.key instanceof Uint8Array) || secret.key.length !== 32) throw tenancyError('ERR_TENANCY_KEK');
    if (derivation.name !== 'none') throw tenancyError('ERR_TENANCY_WRONG_KEK');
    return offHeap(Uint8Array.from(secret.key));
  }
  const passphrase = secret.passphrase.normalize('NFC');
  if (passphrase.length < 8 || passphrase.length > 1024) throw tenancyError('ERR_TENANCY_KEK');
  if (derivation.name !== 'scrypt') throw tenancyError('ERR_TENANCY_WRONG_KEK');
  return scryptKey(passphrase, derivation);
}

function scryptKey(passphrase: string, { n, r, p, salt }: KeyDerivation & { name: 'scrypt' }): Promise<Uint8Array> {
  const options = { N: n, r, p, maxmem: 128 * r * (n + p) + 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(utf8(passphrase), fromBase64url(salt), 32, options, (error, key) => {
      if (error === null) resolve(offHeap(key));
      else reject(tenancyError('ERR_TENANCY_KEK'));
    });
  });
}
