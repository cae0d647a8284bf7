import { canonicalJson, fromUtf8, lengthPrefixed, parseJson, sha256, toHex, utf8, type Signer } from '@cloister/core';
import { loadSodium } from '@cloister/tenancy';
import * as z from 'zod';
import { sessionError } from '../errors.ts';
import type { ChainPlace } from './turn-chain.ts';

/** What a receipt says. It separates what was erased from what can only no longer be reached. */
export interface SessionEndStatement {
  readonly v: 1;
  readonly type: 'cloister/session-end';
  /** SHA-256 over LP(issuer) || LP(tenant) || LP(session): who knows them can compare, the receipt names nobody. */
  readonly session: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** How many turns there were. */
  readonly turns: number;
  readonly reason: 'ended' | 'expired';
  /** Secrets that were overwritten here and that the broker no longer gives out. */
  readonly erased: readonly ('session-key' | 'cache-secret')[];
  /** Whether the store says that it has forgotten the sealed turns. It may lie, free their room later, and copies may exist. */
  readonly removed: boolean;
  /** What may still exist somewhere and can be opened or found by nobody. */
  readonly unreachable: readonly ('turns' | 'cache-blocks')[];
}

/** Proof that a session was ended. */
export interface SessionEndReceipt {
  /** The statement as canonical JSON (RFC 8785): the text that is signed. */
  readonly statement: string;
  /** Ed25519 (RFC 8032) over LP('cloister/session-end/v1') || LP(statement): 64 bytes. */
  readonly signature: Uint8Array;
}

const schema: z.ZodType<SessionEndStatement> = z.strictObject({
  v: z.literal(1),
  type: z.literal('cloister/session-end'),
  session: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.int().min(0),
  turns: z.int().min(0),
  reason: z.enum(['ended', 'expired']),
  erased: z.array(z.enum(['session-key', 'cache-secret'])),
  removed: z.boolean(),
  unreachable: z.array(z.enum(['turns', 'cache-blocks'])),
});

const signed = (statement: string): Uint8Array => lengthPrefixed('cloister/session-end/v1', statement);

/** Signs what was done to a session. */
export async function signSessionEnd(
  place: Omit<ChainPlace, 'policy' | 'subject'>,
  done: Omit<SessionEndStatement, 'v' | 'type' | 'session'>,
  signer: Signer,
): Promise<SessionEndReceipt> {
  const session = toHex(sha256(lengthPrefixed(place.issuer, place.tenant, place.session)));
  const { erased, unreachable, ...rest } = done;
  const members = { v: 1, type: 'cloister/session-end', session, ...rest };
  const statement = fromUtf8(canonicalJson({ ...members, erased: [...erased], unreachable: [...unreachable] }));
  return { statement, signature: await signer.sign(signed(statement)) };
}

/**
 * Checks a receipt's signature and reads its statement.
 * @param publicKey of the log that signed it, Ed25519, 32 bytes
 * @throws CloisterError `ERR_SESSION_RECEIPT`
 */
export async function verifySessionEnd(
  { statement, signature }: SessionEndReceipt,
  publicKey: Uint8Array,
): Promise<SessionEndStatement> {
  const sodium = await loadSodium();
  try {
    if (sodium.crypto_sign_verify_detached(signature, signed(statement), publicKey))
      return schema.parse(parseJson(utf8(statement), { maxDepth: 4 }));
  } catch {
    // What a parser says may quote the statement.
  }
  throw sessionError('ERR_SESSION_RECEIPT');
}
