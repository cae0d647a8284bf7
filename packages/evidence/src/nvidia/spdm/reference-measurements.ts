import { createMint, type Mint } from '@cloister/core';
import type { Certificate } from '../../x509/parse-certificate.ts';

/** What a GPU has to measure with one version of its driver or VBIOS. */
export interface GoldenMeasurements {
  readonly kind: 'driver' | 'vbios';
  /** As the report spells it. */
  readonly version: string;
  /** Accepted values by the report's index; an index that is not here does not count. */
  readonly accepted: ReadonlyMap<number, readonly Uint8Array[]>;
}

/** Reference measurements that `verifyReferenceManifest` of `./rim` has verified: a handle, a copy of which says nothing. */
export interface ReferenceMeasurements {
  readonly kind: GoldenMeasurements['kind'];
  readonly version: string;
  /** Digest of the file, lower-case hex. */
  readonly sha256: string;
  /** Whether the signer's certificates end in a root other than NVIDIA's. */
  readonly simulated: boolean;
  /** Last valid moment of the signer's certificates and the answers about them, ms since the epoch. */
  readonly expiresAt: number;
}

/** What a handle stands for. */
export interface VerifiedReference extends GoldenMeasurements {
  /** The signer's certificates, its own first. */
  readonly chain: readonly Certificate[];
  /** Whether OCSP responses said that none of them is revoked. */
  readonly revocation: 'good' | 'unchecked';
}

const references: Mint<ReferenceMeasurements, VerifiedReference> = createMint();

/** Registers verified references. Not exported from the package. */
export function mintReference(handle: ReferenceMeasurements, contents: VerifiedReference): ReferenceMeasurements {
  return references.mint(handle, contents);
}

/** What a handle stands for; `undefined` for anything that was not verified here. */
export function resolveReference(handle: unknown): VerifiedReference | undefined {
  return references.resolve(handle);
}
