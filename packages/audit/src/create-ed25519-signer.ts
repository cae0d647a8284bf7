import { ed25519 } from '#ed25519';
import { auditError } from './errors.ts';

/** Signs with an Ed25519 key that it does not give out. */
export interface Ed25519Signer {
  /** 32 bytes, RFC 8032. */
  readonly publicKey: Uint8Array;
  /** The 64-byte signature of a message. Deterministic. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/**
 * An Ed25519 signer (RFC 8032).
 * @param seed the 32-byte private key; without it a fresh key is generated that exists in memory only
 * @throws CloisterError `ERR_AUDIT_KEY` when the seed has another length
 */
export async function createEd25519Signer(seed?: Uint8Array): Promise<Ed25519Signer> {
  if (seed !== undefined && seed.length !== 32) throw auditError('ERR_AUDIT_KEY');
  const key = await ed25519.createSigningKey(seed);
  return { publicKey: key.publicKey, sign: async (message) => key.sign(message) };
}
