import type { EvidenceProvider, RandomSource } from '@cloister/core';
import { createSimulatedTee, type SimulatedTee, type SimulatedTeeOptions } from '@cloister/simulator/tee';
import {
  createGpuNonce,
  createNonceRoot,
  createReportData,
  encodeKeyset,
  type EvidenceBundle,
  type TdxEvidencePolicy,
  type Keyset,
} from '@cloister/evidence';

/** The time of all simulated evidence in tests, ms since the epoch. */
export const NOW: number = Date.parse('2026-11-24T12:00:00Z');

/** A deployment digest, hex. */
export const DEPLOYMENT: string = '5a'.repeat(32);

/** Bytes that count up from `seed`: reproducible stand-ins for random ones. */
export function countingRandom(seed: number): RandomSource {
  return (length) => Uint8Array.from({ length }, (_, index) => (seed + index) & 0xff);
}

/** A keyset that is valid at NOW. */
export function createKeyset(seed = 1, changes: Partial<Keyset> = {}): Keyset {
  const bytes = countingRandom(seed);
  return {
    version: 1,
    configs: [bytes(41)],
    receiptKey: bytes(32),
    deployment: new Uint8Array(32).fill(0x5a),
    notBefore: NOW,
    notAfter: NOW + 3_600_000,
    ...changes,
  };
}

/** A simulated TEE with everything an appraisal of it takes. */
export interface SimulatedEvidence {
  readonly tee: SimulatedTee;
  readonly bundle: EvidenceBundle;
  readonly policy: TdxEvidencePolicy;
  readonly nonce: Uint8Array;
}

/** What distinguishes one session with a simulated machine from another. */
export interface SimulatedSession {
  readonly seed?: number;
  readonly keyset?: Partial<Keyset>;
}

/** Evidence for the third of five nonces, as a gateway would gather it. */
export async function gatherBundle(
  provider: EvidenceProvider,
  { seed = 1, keyset: changes }: SimulatedSession = {},
): Promise<EvidenceBundle> {
  const nonces = [0, 50, 100, 150, 200].map((offset) => countingRandom(seed + offset)(32));
  const { root, proofs } = createNonceRoot(nonces);
  const keyset = encodeKeyset(createKeyset(seed, changes));
  const gpus = await provider.collectGpus(createGpuNonce(root));
  const cpu = await provider.collect(createReportData({ nonceRoot: root, keyset, gpus }));
  const [nonce, nonceProof] = [nonces[2], proofs[2]];
  if (nonce === undefined || nonceProof === undefined) throw new Error('no third nonce');
  const collateral = await provider.collateral?.();
  return { version: 1, nonce, nonceProof, keyset, cpu, gpus, ...(collateral === undefined ? {} : { collateral }) };
}

/** The same with everything an appraisal of a TDX guest takes. */
export async function createSimulatedEvidence(
  options: SimulatedTeeOptions & SimulatedSession & { readonly tee?: SimulatedTee } = {},
): Promise<SimulatedEvidence> {
  const { tee = await createSimulatedTee({ clock: { now: () => NOW }, ...options }) } = options;
  const bundle = await gatherBundle(tee.provider, options);
  return { tee, bundle, nonce: bundle.nonce, policy: { tee: 'tdx', workload: tee.workload, deployment: DEPLOYMENT } };
}
