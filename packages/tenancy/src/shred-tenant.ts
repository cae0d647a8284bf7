import {
  canonicalJson,
  fromUtf8,
  isCloisterError,
  lengthPrefixed,
  parseJson,
  sha256,
  toHex,
  utf8,
} from '@cloister/core';
import type { Clock, Signer } from '@cloister/core';
import * as z from 'zod';
import { tenancyError } from './errors.ts';
import { KEY_PURPOSES } from './key-purposes.ts';
import type { KeyPurpose } from './key-purposes.ts';
import { destroyAll } from './key-ring.ts';
import type { KeySource } from './key-ring.ts';
import { loadSodium } from './sodium.ts';

/** What a receipt says. It separates what was erased from what can only no longer be opened. */
export interface ShredStatement {
  readonly v: 1;
  readonly type: 'cloister/shred';
  /** SHA-256 over LP(issuer) || LP(tenant): who knows both can compare, the receipt itself names nobody. */
  readonly tenant: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Keys that the broker no longer gives out: the versions of the data root, and the index root. */
  readonly erased: { readonly data: readonly number[]; readonly index: true };
  /** What the keys were for: wherever copies of it are, nothing opens them any more. */
  readonly unreachable: readonly KeyPurpose[];
}

/** Proof that a tenant's keys were destroyed. */
export interface ShredReceipt {
  /** The statement as canonical JSON (RFC 8785): the text that is signed. */
  readonly statement: string;
  /** Ed25519 (RFC 8032) over LP('cloister/shred/v1') || LP(statement): 64 bytes. */
  readonly signature: Uint8Array;
}

const statementSchema: z.ZodType<ShredStatement> = z.strictObject({
  v: z.literal(1),
  type: z.literal('cloister/shred'),
  tenant: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.int().min(0),
  erased: z.strictObject({ data: z.array(z.int().min(1)), index: z.literal(true) }),
  unreachable: z.array(z.enum(Object.keys(KEY_PURPOSES) as [KeyPurpose])),
});

/** Destroys all roots of a tenant in the broker, looks that they are gone, and signs what was done. */
export async function shredTenant(source: KeySource, signer: Signer, clock: Clock): Promise<ShredReceipt> {
  const data = await destroyAll(source);
  const { issuer, tenant } = source.claims;
  const statement = fromUtf8(
    canonicalJson({
      v: 1,
      type: 'cloister/shred',
      tenant: toHex(sha256(lengthPrefixed(issuer, tenant))),
      at: Math.floor(clock.now()),
      erased: { data, index: true },
      unreachable: Object.keys(KEY_PURPOSES),
    }),
  );
  return { statement, signature: await signer.sign(signedBytes(statement)) };
}

function signedBytes(statement: string): Uint8Array {
  return lengthPrefixed('cloister/shred/v1', statement);
}

/**
 * Checks a receipt's signature and reads its statement.
 * @param publicKey of the log that signed it, Ed25519, 32 bytes
 * @throws CloisterError `ERR_TENANCY_RECEIPT`
 */
export async function verifyShredReceipt(
  { statement, signature }: ShredReceipt,
  publicKey: Uint8Array,
): Promise<ShredStatement> {
  const sodium = await loadSodium();
  try {
    if (!sodium.crypto_sign_verify_detached(signature, signedBytes(statement), publicKey)) throw new TypeError();
    return statementSchema.parse(parseJson(utf8(statement), { maxDepth: 4 }));
  } catch (error) {
    throw tenancyError('ERR_TENANCY_RECEIPT', isCloisterError(error) ? { cause: error } : {});
  }
}
