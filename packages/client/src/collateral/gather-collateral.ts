import { fromBase64, fromUtf8, type TdxCollateral, toHex } from '@cloister/core';
import {
  computeNonceRoot,
  createGpuNonce,
  type EvidenceBundle,
  type EvidencePolicy,
  type SnpCollateral,
  VENDOR_ROOTS,
} from '@cloister/evidence';
import type { GpuCollateral, GpuPolicy, ReferenceMeasurements } from '@cloister/evidence/nvidia';
import { type AmdLine, readSnpPlatform } from '@cloister/evidence/snp';
import type { ResolvedOptions } from '../attest-options.ts';
import type { Collateral } from './create-collateral.ts';
import { nameManifests } from './manifest-ids.ts';
import { readPem } from './read-pem.ts';
import { readTokenKeys } from './token-keys.ts';

/** A bundle and what it is judged by. */
export interface GatheredCollateral {
  /** The one given, with NVIDIA's token where the policy asks for one and none came along. */
  readonly bundle: EvidenceBundle;
  readonly collateral?: TdxCollateral;
  readonly snpCollateral?: SnpCollateral;
  readonly gpuCollateral?: GpuCollateral;
}

/** Where collateral comes from and what asks for it; members as in the options of `attest`. */
export type CollateralSources = Pick<ResolvedOptions, 'policy' | 'roots' | 'collateral' | 'verifyManifest' | 'clock'>;

/**
 * Obtains from the vendors' services what the evidence of a bundle is judged by, as far as the policy asks for it; nothing
 * when `collateral` is left out. What the bundle says of its platform is not verified yet: it only chooses the questions.
 * @throws ERR_CLIENT_COLLATERAL_*, and of `evidence` what is wrong with evidence that cannot be read, or with a manifest
 */
export async function gatherCollateral(
  bundle: EvidenceBundle,
  sources: CollateralSources,
): Promise<GatheredCollateral> {
  const { collateral, policy } = sources;
  if (collateral === undefined) return { bundle };
  const [cpu, gpus] = await Promise.all([
    gatherForCpu(bundle, policy, collateral),
    policy.gpus === undefined ? {} : gatherForGpus(bundle, policy.gpus, { ...sources, collateral }),
  ]);
  return { bundle, ...cpu, ...gpus };
}

async function gatherForCpu(
  { cpu }: EvidenceBundle,
  policy: EvidencePolicy,
  collateral: Collateral,
): Promise<Partial<GatheredCollateral>> {
  if (cpu.tee !== policy.tee) return {};
  if (cpu.tee === 'tdx') return { collateral: await collateral.tdx(cpu.quote) };
  // A report of version 2 does not name its line; a policy that accepts a single one does.
  const [line, ...more] = policy.tee === 'sev-snp' ? (Object.keys(policy.minimumTcb) as AmdLine[]) : [];
  const assumed = more.length === 0 ? line : undefined;
  return { snpCollateral: await gatherSnpCollateral(cpu.report, collateral, { assumed, certs: cpu.certs }) };
}

/** What is known about a report beside its own bytes. */
export interface SnpHints {
  /** The line of a report of version 2, which does not name its processor. */
  readonly assumed?: AmdLine | undefined;
  /** Certificates that came along, the signing one first: AMD hands out neither a provider's nor an unnamed chip's. */
  readonly certs?: readonly Uint8Array[] | undefined;
}

/**
 * Obtains certificates and list for a SEV-SNP report.
 * @throws ERR_CLIENT_COLLATERAL_*, and of `evidence` what is wrong with a report that cannot be read
 */
export async function gatherSnpCollateral(
  report: Uint8Array,
  collateral: Collateral,
  { assumed, certs }: SnpHints = {},
): Promise<SnpCollateral> {
  const { line, signer, chipId, tcb } = readSnpPlatform(report, assumed);
  const isNamed = signer === 'vcek' && chipId !== undefined;
  const [vek, chain, list] = await Promise.all([
    isNamed ? collateral.snpChip({ line, chipId, tcb }) : certs?.[0],
    collateral.snpChain(line, signer),
    collateral.snpList(line, signer),
  ]);
  return { certs: vek && [vek, ...chain], crls: [list] };
}

async function gatherForGpus(
  bundle: EvidenceBundle,
  policy: GpuPolicy,
  sources: CollateralSources & { readonly collateral: Collateral },
): Promise<Partial<GatheredCollateral>> {
  const { collateral } = sources;
  if (policy.evidence !== 'local') {
    const [keys, complete] = await Promise.all([collateral.gpuTokenKeys(), addToken(bundle, collateral)]);
    return { bundle: complete, gpuCollateral: { keys: readTokenKeys(keys) } };
  }
  const [statuses, references] = await Promise.all([
    gatherStatuses(
      bundle.gpus.map(({ certChain }) => readPem(certChain).slice(1)),
      policy,
      collateral,
    ),
    policy.measurements === 'unchecked' ? undefined : gatherReferences(bundle, policy, sources),
  ]);
  return { gpuCollateral: { statuses, references } };
}

/** The status of every certificate of some chains but their roots', each asked for once. */
async function gatherStatuses(
  chains: readonly (readonly Uint8Array[])[],
  { revocation }: GpuPolicy,
  collateral: Collateral,
): Promise<readonly Uint8Array[] | undefined> {
  if (revocation === 'unchecked') return undefined;
  const pairs = chains.flatMap((chain) => chain.slice(0, -1).map((own, index) => [own, chain[index + 1]] as const));
  const distinct = new Map(pairs.map((pair) => [toHex(pair[0]), pair]));
  return Promise.all(
    [...distinct.values()].map(async ([own, issuer]) => collateral.gpuStatus(own, issuer ?? new Uint8Array(0))),
  );
}

/** NVIDIA's word about GPUs that came without it. It is bound to the nonce by NVIDIA, not by the quote. */
async function addToken(bundle: EvidenceBundle, collateral: Collateral): Promise<EvidenceBundle> {
  const { gpus, nonce, nonceProof } = bundle;
  if (gpus.length === 0 || gpus.some(({ nrasToken }) => nrasToken !== undefined)) return bundle;
  const gpuNonce = createGpuNonce(computeNonceRoot(nonce, nonceProof));
  const nrasToken = fromUtf8(await collateral.gpuToken(gpuNonce, gpus));
  return { ...bundle, gpus: gpus.map((gpu) => ({ ...gpu, nrasToken })) };
}

/** Verified references for every driver and VBIOS in use. */
async function gatherReferences(
  { gpus }: EvidenceBundle,
  policy: GpuPolicy,
  { collateral, roots = VENDOR_ROOTS, verifyManifest, clock }: CollateralSources & { readonly collateral: Collateral },
): Promise<readonly ReferenceMeasurements[]> {
  if (verifyManifest === undefined) return [];
  const ids = new Set(gpus.flatMap(({ report }) => nameManifests(report, policy.arch)));
  return Promise.all(
    [...ids].map(async (id) => {
      const manifest = await collateral.gpuManifest(id);
      const statuses = await gatherStatuses([readSigners(manifest)], policy, collateral);
      return verifyManifest(manifest, { now: clock.now(), roots: roots.nvidia, statuses });
    }),
  );
}

/** The certificates that an XML signature brings along: enough to ask for their status, and no more is believed of them. */
function readSigners(manifest: Uint8Array): readonly Uint8Array[] {
  const elements = fromUtf8(manifest).matchAll(/<(?:\w+:)?X509Certificate>([A-Za-z0-9+/=\s]*)</g);
  return [...elements].map(([, text = '']) => fromBase64(text.replaceAll(/\s/g, '')));
}
