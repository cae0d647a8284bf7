import { canonicalJson, findCloisterError, fromBase64url, offHeap, parseJson, toBase64url, zero } from '@cloister/core';
import type { RandomSource } from '@cloister/core';
import * as z from 'zod';
import { tenancyError } from '../errors.ts';
import type { Sodium } from '../sodium.ts';
import { SCRYPT_COST, deriveKeyEncryptionKey, keyDerivationSchema } from './key-derivation.ts';
import type { KeyDerivation, LocalBrokerSecret } from './key-derivation.ts';
import { dropFile, kekFile, newestKekFile, prepareDirectory, putKeyFileIfAbsent, readKeyFile } from './key-files.ts';
import { unwrapKey, wrapKey } from './key-wrap.ts';
import type { WrappingKeys } from './key-wrap.ts';

/** What a key directory is opened with. */
export interface DirectoryKeys extends WrappingKeys {
  /** Names files. Stays when the key-encryption key is exchanged. */
  readonly names: Uint8Array;
}

/** The description of one generation of the key-encryption key. Every key in it is wrapped under that generation. */
interface KekFile {
  readonly v: 2;
  readonly derivation: KeyDerivation;
  readonly names: string;
  /** The wrapping keys of the generations before, oldest first. */
  readonly former: readonly string[];
}

const wrapped = z.string().regex(/^[A-Za-z0-9_-]{106}$/);
const MOST_GENERATIONS = 16;

const kekFileSchema: z.ZodType<KekFile> = z.strictObject({
  v: z.literal(2),
  derivation: keyDerivationSchema,
  names: wrapped,
  former: z.array(wrapped).max(MOST_GENERATIONS - 1),
});

/**
 * Opens the directory with its secret, or makes it on first use; racing makers agree on one salt. With the former secret
 * as well, one that was made with that is taken over by the new one: a new generation, which holds the older wrapping
 * keys, so that the former secret is not needed any more.
 * @throws CloisterError `ERR_TENANCY_WRONG_KEK`, `ERR_TENANCY_KEK`, `ERR_TENANCY_KEY_STORE` or `ERR_TENANCY_TAMPERED`
 */
export async function openKeyDirectory(
  sodium: Sodium,
  directory: string,
  secret: LocalBrokerSecret,
  random: RandomSource,
  former?: LocalBrokerSecret,
): Promise<DirectoryKeys> {
  await prepareDirectory(directory);
  const maker: Maker = { sodium, directory, secret, random };
  const newest = await newestKekFile(directory);
  if (newest === undefined) return openGeneration(maker, secret, await createGeneration(maker, 1, random(32), []));
  const bytes = await readKeyFile(directory, kekFile(newest));
  // Somebody else has just taken the directory over: there is a newer description.
  if (bytes === undefined) return openKeyDirectory(sodium, directory, secret, random, former);
  const stored = { generation: newest, bytes };
  try {
    return await openGeneration(maker, secret, stored);
  } catch (error) {
    if (former === undefined) throw error;
  }
  const old = await openGeneration(maker, former, stored);
  const taken = await createGeneration(maker, newest + 1, old.names, [...old.former, old.wrap]);
  for (const key of [old.names, ...old.former, old.wrap]) zero(key);
  const keys = await openGeneration(maker, secret, taken);
  await dropFile(directory, kekFile(newest));
  return keys;
}

interface Maker {
  readonly sodium: Sodium;
  readonly directory: string;
  readonly secret: LocalBrokerSecret;
  readonly random: RandomSource;
}

interface Generation {
  readonly generation: number;
  readonly bytes: Uint8Array;
}

/** Writes the description of a generation, or takes the one that somebody else wrote first. */
async function createGeneration(
  { sodium, directory, secret, random }: Maker,
  generation: number,
  names: Uint8Array,
  former: readonly Uint8Array[],
): Promise<Generation> {
  if (generation > MOST_GENERATIONS) throw tenancyError('ERR_TENANCY_KEK');
  const derivation: KeyDerivation =
    'key' in secret ? { name: 'none' } : { name: 'scrypt', n: SCRYPT_COST, r: 8, p: 1, salt: toBase64url(random(16)) };
  const wrap = await deriveWrap(sodium, secret, derivation);
  const keys = { generation, wrap, former: [] };
  const sealed = (key: Uint8Array, place: string): string =>
    toBase64url(wrapKey(sodium, keys, key, contextOf(derivation, place), random));
  const description: KekFile = {
    v: 2,
    derivation,
    names: sealed(names, 'names'),
    former: former.map((key, index) => sealed(key, `former ${index + 1}`)),
  };
  zero(wrap);
  return {
    generation,
    bytes: await putKeyFileIfAbsent(directory, kekFile(generation), canonicalJson(description)),
  };
}

async function openGeneration(
  { sodium }: Maker,
  secret: LocalBrokerSecret,
  { generation, bytes }: Generation,
): Promise<DirectoryKeys> {
  const { derivation, names, former } = parseKekFile(bytes);
  const wrap = await deriveWrap(sodium, secret, derivation);
  const keys = { generation, wrap, former: [] };
  const open = (text: string, place: string): Uint8Array =>
    unwrapKey(sodium, keys, fromBase64url(text), contextOf(derivation, place));
  try {
    return {
      generation,
      wrap,
      names: open(names, 'names'),
      former: former.map((key, index) => open(key, `former ${index + 1}`)),
    };
  } catch {
    // A wrong secret cannot be told from an altered description.
    throw tenancyError('ERR_TENANCY_WRONG_KEK');
  }
}

/** Binds the keys of a description to how its key-encryption key is derived, so that nobody can weaken it. */
function contextOf(derivation: KeyDerivation, place: string): Uint8Array {
  return canonicalJson({ derivation, place });
}

function parseKekFile(bytes: Uint8Array): KekFile {
  try {
    return kekFileSchema.parse(parseJson(bytes, { maxDepth: 4 }));
  } catch (error) {
    throw tenancyError('ERR_TENANCY_TAMPERED', { cause: findCloisterError(error) });
  }
}

async function deriveWrap(sodium: Sodium, secret: LocalBrokerSecret, derivation: KeyDerivation): Promise<Uint8Array> {
  const kek = await deriveKeyEncryptionKey(secret, derivation);
  try {
    return offHeap(sodium.crypto_generichash(32, 'cloister/local-broker/wrap/v2', kek));
  } finally {
    zero(kek);
  }
}
