import { fromBase64, toBase64 } from '@cloister/core';
import { auditError } from '../errors.ts';
import { leafHash } from '../merkle/hash.ts';
import { verifyInclusion } from '../merkle/verify-inclusion.ts';
import { verifyCheckpoint } from '../note/checkpoint.ts';
import type { Checkpoint } from '../note/checkpoint.ts';
import type { VerifierKey } from '../note/verifier-key.ts';

/** A proof that an entry is in a log, as a `.tlog-proof` file holds it (C2SP tlog-proof). */
export interface LogProofFile {
  readonly index: number;
  /** RFC 6962 audit path, 32 bytes each. */
  readonly proof: readonly Uint8Array[];
  /** The signed note, with cosignatures where there are any. */
  readonly checkpoint: string;
}

const HEAD = 'c2sp.org/tlog-proof@v1';
const FILE =
  /^c2sp\.org\/tlog-proof@v1\n(?:extra [A-Za-z0-9+/=]{1,65536}\n)?index (0|[1-9][0-9]{0,15})\n((?:[A-Za-z0-9+/]{43}=\n){0,63})\n/;
const MAX_LENGTH = 1024 * 1024;

/** The text of a `.tlog-proof` file. */
export function encodeLogProof({ index, proof, checkpoint }: LogProofFile): string {
  return `${HEAD}\nindex ${index}\n${proof.map((hash) => `${toBase64(hash)}\n`).join('')}\n${checkpoint}`;
}

/**
 * Parses a `.tlog-proof` file; extra data is dropped, because nothing vouches for it.
 * @throws CloisterError `ERR_AUDIT_PROOF`
 */
export function parseLogProof(text: string): LogProofFile {
  const [head, index, hashes] = FILE.exec(text.length > MAX_LENGTH ? '' : text) ?? [];
  if (head === undefined || hashes === undefined || !Number.isSafeInteger(Number(index))) {
    throw auditError('ERR_AUDIT_PROOF');
  }
  const proof = hashes.split('\n').slice(0, -1).map(decode);
  return { index: Number(index), proof, checkpoint: text.slice(head.length) };
}

function decode(hash: string): Uint8Array {
  try {
    return fromBase64(hash);
  } catch {
    throw auditError('ERR_AUDIT_PROOF');
  }
}

/**
 * Verifies offline that an entry is in a log, with nothing but the proof and the log's key.
 * @param entry the leaf as it was logged
 * @returns the signed tree head
 * @throws CloisterError `ERR_AUDIT_PROOF`, `ERR_AUDIT_NOTE`, `ERR_AUDIT_NOTE_SIGNATURE` or `ERR_AUDIT_CHECKPOINT`
 */
export async function verifyLogProof(file: LogProofFile, entry: Uint8Array, key: VerifierKey): Promise<Checkpoint> {
  const checkpoint = await verifyCheckpoint(file.checkpoint, key);
  const { index, proof } = file;
  verifyInclusion({ index, size: checkpoint.size, leafHash: leafHash(entry), proof, root: checkpoint.root });
  return checkpoint;
}
