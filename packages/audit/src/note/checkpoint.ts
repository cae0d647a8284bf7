import { concat, fromBase64, toBase64, utf8 } from '@cloister/core';
import type { Ed25519Signer } from '../create-ed25519-signer.ts';
import { auditError } from '../errors.ts';
import { createVerifierKey } from './verifier-key.ts';
import type { VerifierKey } from './verifier-key.ts';
import { verifyNote } from './verify-note.ts';

/** A tree head that a log vouches for (C2SP tlog-checkpoint). */
export interface Checkpoint {
  /** The log's identity. */
  readonly origin: string;
  /** Leaves of the tree. */
  readonly size: number;
  /** RFC 6962 root, 32 bytes. */
  readonly root: Uint8Array;
}

const BODY = /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n((?:[^\n]+\n)*)$/;

/**
 * Signs a checkpoint without extension lines; the origin is the name of every key.
 * @param others keys that sign besides the log's; who knows only that one ignores them
 * @returns the signed note
 * @throws CloisterError `ERR_AUDIT_KEY` when the origin cannot name a key, `ERR_AUDIT_CHECKPOINT` on a size or root that
 *   cannot be one
 */
export async function createCheckpoint(
  checkpoint: Checkpoint,
  signer: Ed25519Signer,
  ...others: readonly Ed25519Signer[]
): Promise<string> {
  const { origin, size, root } = checkpoint;
  if (!Number.isSafeInteger(size) || size < 0 || root.length !== 32) throw auditError('ERR_AUDIT_CHECKPOINT');
  const text = `${origin}\n${size}\n${toBase64(root)}\n`;
  const lines = [signer, ...others].map(async (each) => {
    const { name, id } = createVerifierKey(origin, each.publicKey);
    return `— ${name} ${toBase64(concat(id, await each.sign(utf8(text))))}\n`;
  });
  return `${text}\n${(await Promise.all(lines)).join('')}`;
}

/**
 * Verifies a checkpoint. Extension lines are allowed and ignored, as the specification says.
 * @param options.origin what the first line must be; the key's name unless given
 * @throws CloisterError `ERR_AUDIT_NOTE`, `ERR_AUDIT_NOTE_SIGNATURE` or `ERR_AUDIT_CHECKPOINT`
 */
export async function verifyCheckpoint(
  note: string,
  key: VerifierKey,
  options: { readonly origin?: string } = {},
): Promise<Checkpoint> {
  const [, origin, size, root] = BODY.exec(await verifyNote(note, key)) ?? [];
  if (origin === undefined || root === undefined || origin !== (options.origin ?? key.name)) {
    throw auditError('ERR_AUDIT_CHECKPOINT');
  }
  if (!Number.isSafeInteger(Number(size))) throw auditError('ERR_AUDIT_CHECKPOINT');
  return { origin, size: Number(size), root: decode(root) };
}

function decode(root: string): Uint8Array {
  try {
    return fromBase64(root);
  } catch {
    throw auditError('ERR_AUDIT_CHECKPOINT');
  }
}
