import { CLASSIFICATIONS, createMint, equalBytes, fromHex } from '@cloister/core';
import type { Classification, PrincipalClaims } from '@cloister/core';
import * as z from 'zod';
import { claimsSchema } from './claims.ts';
import { tenancyError } from './errors.ts';

/** One caller, known by the hash of an API key. */
export interface ApiKeyRecord {
  /** SHA-256 of the API key's text: 64 hex digits. */
  readonly sha256: string;
  readonly tenant: string;
  readonly subject: string;
  readonly groups: readonly string[];
  readonly clearance: Classification;
  readonly compartments?: readonly string[];
  readonly purpose: string;
  /** Milliseconds since the epoch from which the key no longer counts. */
  readonly notAfter?: number;
}

declare const directoryBrand: unique symbol;

/** Callers that may authenticate with an API key. Resolves only through its maker: a look-alike vouches for nobody. */
export interface ApiKeyDirectory {
  /** The `issuer` of every principal of this directory. */
  readonly issuer: string;
  /** How many keys it holds. */
  readonly size: number;
  readonly [directoryBrand]: true;
}

interface Entry {
  readonly sha256: Uint8Array;
  readonly notAfter: number;
  readonly claims: PrincipalClaims;
}

type Buckets = ReadonlyMap<number, readonly Entry[]>;

const recordSchema: z.ZodType<ApiKeyRecord> = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  tenant: z.string(),
  subject: z.string(),
  groups: z.array(z.string()).readonly(),
  clearance: z.enum(CLASSIFICATIONS),
  compartments: z.array(z.string()).readonly().exactOptional(),
  purpose: z.string(),
  notAfter: z.int().min(0).exactOptional(),
});

const mint = createMint<ApiKeyDirectory, Buckets>();

/**
 * A directory of API keys by hash. Records are checked strictly; a key may stand in it once.
 * @throws CloisterError `ERR_TENANCY_DIRECTORY`, the position of the first bad record in `detail.record`
 */
export function createApiKeyDirectory(
  records: readonly ApiKeyRecord[],
  options: { readonly issuer: string },
): ApiKeyDirectory {
  const buckets = new Map<number, Entry[]>();
  for (const [position, record] of records.entries()) {
    const entry = parseRecord(record, options.issuer);
    if (entry === undefined || find(buckets, entry.sha256) !== undefined) {
      throw tenancyError('ERR_TENANCY_DIRECTORY', { detail: { record: position } });
    }
    const bucket = buckets.get(prefix(entry.sha256)) ?? [];
    buckets.set(prefix(entry.sha256), [...bucket, entry]);
  }
  return mint.mint({ issuer: options.issuer, size: records.length } as ApiKeyDirectory, buckets);
}

function parseRecord(record: unknown, issuer: string): Entry | undefined {
  const { data } = recordSchema.safeParse(record);
  if (data === undefined) return undefined;
  const { sha256, notAfter = Number.POSITIVE_INFINITY, compartments = [], ...rest } = data;
  const claims = claimsSchema.safeParse({ ...rest, compartments, issuer });
  return claims.success ? { sha256: fromHex(sha256), notAfter, claims: claims.data } : undefined;
}

function prefix(sha256: Uint8Array): number {
  return ((sha256[0] as number) << 8) | (sha256[1] as number);
}

/** The bucket is found by two bytes of the hash; within it every entry is compared in constant time. */
function find(buckets: Buckets, sha256: Uint8Array): Entry | undefined {
  let found: Entry | undefined;
  for (const entry of buckets.get(prefix(sha256)) ?? []) if (equalBytes(entry.sha256, sha256)) found = entry;
  return found;
}

/**
 * The claims behind the hash of an API key at time `now`; `undefined` when the key is unknown or expired.
 * @throws CloisterError `ERR_TENANCY_DIRECTORY` when `directory` is not one of ours
 */
export function findApiKey(directory: ApiKeyDirectory, sha256: Uint8Array, now: number): PrincipalClaims | undefined {
  const buckets = mint.resolve(directory);
  if (buckets === undefined) throw tenancyError('ERR_TENANCY_DIRECTORY');
  const entry = find(buckets, sha256);
  return entry !== undefined && now < entry.notAfter ? entry.claims : undefined;
}
