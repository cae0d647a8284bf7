import { createMint, type Mint } from '@cloister/core';
import type { Keyset } from './bundle/keyset.ts';
import type { Check } from './check.ts';
import { evidenceError } from './errors.ts';
import type { TcbStatus } from './tdx/tcb-status.ts';

/** An input of a verdict by name. */
export interface VerdictInput {
  readonly name: string;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** Intel's status of a platform's TCB; AMD publishes none, and the floors of the policy take its place. */
export type EnclaveTcbStatus = TcbStatus | 'MeetsFloor';

/** Who answers at the other end, as far as evidence can tell, and until when. */
export interface EnclaveIdentity {
  readonly tee: 'tdx' | 'sev-snp';
  /** Whether the evidence ends in another root than the vendor's. Shown wherever a verdict is shown. */
  readonly simulated: boolean;
  readonly tcbStatus: EnclaveTcbStatus;
  /** Advisory ids, sorted. */
  readonly advisories: readonly string[];
  /** Every field of the report that a policy can pin, by name, hex. */
  readonly measurements: Readonly<Record<string, string>>;
  /** What the guest was configured to run: MRCONFIGID or HOST_DATA, hex. */
  readonly workload: string;
  /** How many GPUs have been verified; 0 when the policy names none. That they are this guest's rests on measured code. */
  readonly gpus: number;
  /** SHA-256 of the gateway's effective configuration, hex. */
  readonly deployment: string;
  /** Identity digest of DESIGN 6.6, 32 bytes: TEE, measurements, workload, deployment. Nothing in it rotates. */
  readonly digest: Uint8Array;
  readonly keyset: Keyset;
  /** SHA-256 of the keyset's bytes. */
  readonly keysetDigest: Uint8Array;
  /** SHA-256 of the bundle's canonical encoding. */
  readonly evidenceDigest: Uint8Array;
  /** SHA-256 of the policy's canonical JSON. */
  readonly policyDigest: Uint8Array;
  readonly checks: readonly Check[];
  /** Everything the verdict depends on, so that a second process can reproduce it. */
  readonly inputs: readonly VerdictInput[];
  /** The time of the appraisal, ms since the epoch: with `inputs`, all that the verdict depends on. */
  readonly appraisedAt: number;
  /** Last moment at which this identity may be relied on, ms since the epoch. */
  readonly expiresAt: number;
}

declare const verifiedBrand: unique symbol;

/** A value that this package has verified. A copy or a cast does not resolve (DESIGN 6.3). */
export type Verified<Value> = Value & { readonly [verifiedBrand]: true };

const mint: Mint<Verified<EnclaveIdentity>, EnclaveIdentity> = createMint();

/** Registers a verified identity. Not exported from the package. */
export function mintIdentity(identity: EnclaveIdentity): Verified<EnclaveIdentity> {
  return mint.mint(identity as Verified<EnclaveIdentity>, identity);
}

/**
 * The identity behind a handle.
 * @throws CloisterError ERR_EVIDENCE_NOT_VERIFIED for anything that `appraise()` did not return
 */
export function resolveIdentity(handle: unknown): EnclaveIdentity {
  const identity = mint.resolve(handle);
  if (identity === undefined) throw evidenceError('ERR_EVIDENCE_NOT_VERIFIED');
  return identity;
}
