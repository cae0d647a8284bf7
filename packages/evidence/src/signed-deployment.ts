import { bigEndian, concat, isSignedEd25519, lengthPrefixed, utf8 } from '@cloister/core';

/** The word of an owner for a deployment: an Ed25519 signature and how long it holds. */
export interface DeploymentSignature {
  /** Last moment at which the signature counts, ms since the epoch: a deployment that was good once must not stay so forever. */
  readonly notAfter: number;
  /** Ed25519 (RFC 8032) over `encodeSignedDeployment`, 64 bytes. */
  readonly signature: Uint8Array;
}

/**
 * What an owner signs: "cloister/deployment/v1" || LP(deployment digest) || LP(notAfter as 8 bytes, big-endian).
 * @param deployment SHA-256 of the gateway's canonical effective configuration, 32 bytes
 * @param notAfter ms since the epoch
 */
export function encodeSignedDeployment(deployment: Uint8Array, notAfter: number): Uint8Array {
  return concat(utf8('cloister/deployment/v1'), lengthPrefixed(deployment, bigEndian(notAfter, 8)));
}

/** Whether `owner` signed this deployment. */
export async function verifySignedDeployment(
  owner: Uint8Array,
  deployment: Uint8Array,
  { notAfter, signature }: DeploymentSignature,
): Promise<boolean> {
  return isSignedEd25519(owner, encodeSignedDeployment(deployment, notAfter), signature);
}
