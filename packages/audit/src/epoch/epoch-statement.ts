import { bigEndian, concat, lengthPrefixed, sha256, utf8 } from '@cloister/core';

/** What is said of the key of an epoch: by the log's key, and inside an enclave by its evidence. */
export interface EpochStatement {
  /** The log's origin. */
  readonly origin: string;
  /** From 1. */
  readonly epoch: number;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Leaves before the epoch, and the RFC 6962 root over them. */
  readonly size: number;
  readonly root: Uint8Array;
}

const LABEL = utf8('cloister/audit-epoch/v1');

/**
 * The bytes that the log's key signs: "cloister/audit-epoch/v1" || LP(origin) || u64 epoch || LP(public key) || u64 size ||
 * LP(root). They name the tree before the epoch, so that who gets hold of a later key cannot rewrite what came earlier.
 */
export function encodeEpochStatement({ origin, epoch, publicKey, size, root }: EpochStatement): Uint8Array {
  return concat(
    LABEL,
    lengthPrefixed(origin),
    bigEndian(epoch, 8),
    lengthPrefixed(publicKey),
    bigEndian(size, 8),
    lengthPrefixed(root),
  );
}

/** What evidence is asked to vouch for: the SHA-256 of the statement, 32 bytes. */
export function epochNonce(statement: EpochStatement): Uint8Array {
  return sha256(encodeEpochStatement(statement));
}
