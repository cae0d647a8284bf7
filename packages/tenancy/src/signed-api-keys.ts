import {
  canonicalJsonText,
  concat,
  fromBase64url,
  isSignedEd25519,
  lengthPrefixed,
  type Signer,
  toBase64url,
  utf8,
} from '@cloister/core';
import * as z from 'zod';
import { type ApiKeyDirectory, type ApiKeyRecord, createApiKeyDirectory } from './create-api-key-directory.ts';
import { tenancyError } from './errors.ts';

/** API keys by hash, with the word of the deployment's owner for them. JSON: it may travel through the machine's operator. */
export interface SignedApiKeys {
  readonly version: 1;
  /** The `issuer` of every principal. */
  readonly issuer: string;
  readonly keys: readonly ApiKeyRecord[];
  /** Milliseconds since the epoch from which the list no longer counts, so that an old one cannot be kept for ever. */
  readonly notAfter: number;
  /** Ed25519 (RFC 8032) over "cloister/api-keys/v1" || LP(canonical JSON of all other members): 64 bytes, base64url. */
  readonly signature: string;
}

const schema: z.ZodType<SignedApiKeys, unknown> = z.strictObject({
  version: z.literal(1),
  issuer: z.string().min(1).max(256),
  keys: z.array(z.custom<ApiKeyRecord>()).max(100_000),
  notAfter: z.int().min(0),
  signature: z.string().regex(/^[A-Za-z0-9_-]{85}[AQgw]$/),
});

function encodeStatement(list: Omit<SignedApiKeys, 'signature'>): Uint8Array {
  const { version, issuer, keys, notAfter } = list;
  const text = canonicalJsonText({ version, issuer, keys, notAfter });
  return concat(utf8('cloister/api-keys/v1'), lengthPrefixed(utf8(text)));
}

/**
 * Signs a list of API keys, as the owner of a deployment does on a machine of its own.
 * @throws CloisterError `ERR_TENANCY_DIRECTORY` for a list that no directory would take
 */
export async function signApiKeys(
  keys: readonly ApiKeyRecord[],
  { issuer, notAfter, signer }: { readonly issuer: string; readonly notAfter: number; readonly signer: Signer },
): Promise<SignedApiKeys> {
  createApiKeyDirectory(keys, { issuer });
  const list = { version: 1, issuer, keys, notAfter } as const;
  return { ...list, signature: toBase64url(await signer.sign(encodeStatement(list))) };
}

/**
 * The directory behind a signed list. Whoever runs the machine can leave the list out, and cannot add a caller to it.
 * @param owner the owner's Ed25519 public key, 32 bytes
 * @param now milliseconds since the epoch
 * @throws CloisterError `ERR_TENANCY_DIRECTORY_SIGNATURE` when the list is not the owner's or no longer counts,
 *   `ERR_TENANCY_DIRECTORY` when a record does not fit
 */
export async function openSignedApiKeys(value: unknown, owner: Uint8Array, now: number): Promise<ApiKeyDirectory> {
  const { data } = schema.safeParse(value);
  if (data === undefined || now >= data.notAfter || !(await isSigned(data, owner))) {
    throw tenancyError('ERR_TENANCY_DIRECTORY_SIGNATURE');
  }
  const keys = data.keys.map((record) => ({
    ...record,
    notAfter: Math.min(record.notAfter ?? Infinity, data.notAfter),
  }));
  return createApiKeyDirectory(keys, { issuer: data.issuer });
}

function isSigned(list: SignedApiKeys, owner: Uint8Array): Promise<boolean> {
  return isSignedEd25519(owner, encodeStatement(list), fromBase64url(list.signature));
}
