import { fromUtf8, type TdxCollateral } from '@cloister/core';
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
import { readTokenKeys } from './token-keys.ts';

/** A bundle and what it is judged by. */
export interface GatheredCollateral {
  /** The one given, with NVIDIA's token where the policy asks for one and none came along. */
  readonly bundle: EvidenceBundle;
  readonly collateral?: TdxCollateral;
  readonly snpCollateral?: SnpCollateral;
  readonly gpuCollateral?: GpuCollateral;
}

type Sources = Pick<ResolvedOptions, 'policy' | 'roots' | 'collateral' | 'verifyManifest' | 'clock'>;

/**
 * Obtains from the vendors' services what the evidence of a bundle is judged by, as far as the policy asks for it; nothing
 * when `collateral` is left out. What the bundle says of its platform is not verified yet: it only chooses the questions.
 * @throws ERR_CLIENT_COLLATERAL_*, and of `evidence` what is wrong with evidence that cannot be read, or with a manifest
 */
export async function gatherCollateral(bundle: EvidenceBundle, sources: Sources): Promise<GatheredCollateral> {
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
  const platform = readSnpPlatform(cpu.report, more.length === 0 ? line : undefined);
  const { signer, chipId, tcb } = platform;
  // Nobody hands out a provider's key or that of an unnamed chip: such a certificate comes from the host.
  const chip =
    signer === 'vcek' && chipId !== undefined
      ? collateral.snpChip({ line: platform.line, chipId, tcb })
      : cpu.certs?.[0];
  const [vek, chain, list] = await Promise.all([
    chip,
    collateral.snpChain(platform.line, signer),
    collateral.snpList(platform.line, signer),
  ]);
  return { snpCollateral: { certs: vek && [vek, ...chain], crls: [list] } };
}

async function gatherForGpus(
  bundle: EvidenceBundle,
  policy: GpuPolicy,
  sources: Sources & { readonly collateral: Collateral },
): Promise<Partial<GatheredCollateral>> {
  const { evidence = 'both', measurements } = policy;
  if (evidence !== 'local') {
    const [keys, complete] = await Promise.all([
      sources.collateral.gpuTokenKeys(),
      addToken(bundle, sources.collateral),
    ]);
    return { bundle: complete, gpuCollateral: { keys: readTokenKeys(keys) } };
  }
  if (measurements === 'unchecked' || sources.verifyManifest === undefined) return {};
  return { gpuCollateral: { references: await gatherReferences(bundle, policy, sources) } };
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
  { arch }: GpuPolicy,
  { collateral, roots = VENDOR_ROOTS, verifyManifest, clock }: Sources & { readonly collateral: Collateral },
): Promise<readonly ReferenceMeasurements[]> {
  if (verifyManifest === undefined) return [];
  const ids = new Set(gpus.flatMap(({ report }) => nameManifests(report, arch)));
  return Promise.all(
    [...ids].map(async (id) => {
      const manifest = await collateral.gpuManifest(id);
      return verifyManifest(manifest, { now: clock.now(), roots: roots.nvidia });
    }),
  );
}
