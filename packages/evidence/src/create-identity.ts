import { concat, lengthPrefixed, sha256, type TdxCollateral, toHex, utf8 } from '@cloister/core';
import type { AppraiseOptions } from './appraise-options.ts';
import { encodeEvidenceBundle, type EvidenceBundle } from './bundle/evidence-bundle.ts';
import { type Keyset, MAX_KEYSET_LIFETIME } from './bundle/keyset.ts';
import type { CpuFindings } from './check-cpu.ts';
import type { EnclaveIdentity, VerdictInput } from './enclave-identity.ts';
import { digestEvidencePolicy, type EvidencePolicy } from './policy/evidence-policy.ts';
import type { TrustRoots } from './trust-roots.ts';
import { VENDOR_ROOTS } from './vendor-roots.ts';

const DEFAULT_MAX_AGE = 3_600_000;

function namedTexts(collateral: TdxCollateral | undefined): readonly Named[] {
  const members = Object.entries(collateral ?? {}).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return members.map(([name, text]) => [`collateral.${name}`, utf8(text as string)]);
}

function namedList(name: string, items: readonly Uint8Array[] | undefined): readonly Named[] {
  return (items ?? []).map((item, index) => [`${name}.${index}`, item]);
}

type Named = readonly [name: string, bytes: Uint8Array];

/** All roots as one text of bytes: by vendor, in the order given. */
function encodeRoots({ intel, amd = [], nvidia }: TrustRoots): Uint8Array {
  const gpu = nvidia === undefined ? [] : [nvidia.device, nvidia.attestationService, nvidia.referenceValues];
  return lengthPrefixed(
    lengthPrefixed(...intel),
    lengthPrefixed(...amd.map(({ line, sha256: digest }) => `${line} ${digest}`)),
    ...gpu.map((roots) => lengthPrefixed(...roots)),
  );
}

function nameCpu({ cpu }: EvidenceBundle, { snpCollateral }: AppraiseOptions): readonly Named[] {
  if (cpu.tee === 'tdx')
    return [['cpu', cpu.quote], ...namedList('event-log', cpu.eventLog === undefined ? [] : [cpu.eventLog])];
  const certs = namedList('collateral.certificate', snpCollateral?.certs ?? cpu.certs);
  return [['cpu', cpu.report], ...certs, ...namedList('collateral.list', snpCollateral?.crls)];
}

function nameInputs(
  bundle: EvidenceBundle,
  collateral: TdxCollateral | undefined,
  options: AppraiseOptions,
): readonly VerdictInput[] {
  const named: readonly Named[] = [
    ['nonce', options.nonce],
    ['keyset', bundle.keyset],
    ...nameCpu(bundle, options),
    ...bundle.gpus.map(({ report }, index): Named => [`gpu.${index}`, report]),
    ...namedTexts(bundle.cpu.tee === 'tdx' ? collateral : undefined),
    ['roots', encodeRoots(options.roots ?? VENDOR_ROOTS)],
  ];
  return named.map(([name, bytes]) => ({ name, sha256: toHex(sha256(bytes)) }));
}

/** Identity digest (DESIGN 6.6): TEE, measurement of the image, workload, deployment. */
function digestIdentity(
  tee: string,
  { measurement, workload, simulated }: CpuFindings,
  deployment: Uint8Array,
): Uint8Array {
  return sha256(
    concat(
      utf8('cloister/identity/v1'),
      lengthPrefixed(simulated ? `${tee}/simulated` : tee, measurement, workload, deployment),
    ),
  );
}

/** What the checks of an appraisal found. */
export interface Findings {
  readonly cpu: CpuFindings;
  readonly keyset: Keyset;
  readonly checks: EnclaveIdentity['checks'];
  /** Last moment at which the owner's word for the deployment holds, ms since the epoch. */
  readonly ownedUntil: number;
  readonly options: AppraiseOptions;
}

/** The identity that an appraisal without failures established (DESIGN 6.1, 6.6). */
export function createIdentity(
  bundle: EvidenceBundle,
  policy: EvidencePolicy,
  { cpu, keyset, checks, ownedUntil, options }: Findings,
): EnclaveIdentity {
  const { now } = options;
  const policyDigest = digestEvidencePolicy(policy);
  const evidenceDigest = sha256(utf8(encodeEvidenceBundle(bundle)));
  const inputs = [
    ...nameInputs(bundle, options.collateral ?? bundle.collateral, options),
    { name: 'bundle', sha256: toHex(evidenceDigest) },
    { name: 'policy', sha256: toHex(policyDigest) },
  ];
  const ends = [
    cpu.expiresAt,
    keyset.notAfter,
    ownedUntil,
    now + MAX_KEYSET_LIFETIME,
    now + (policy.maxAge ?? DEFAULT_MAX_AGE),
  ];
  return {
    tee: bundle.cpu.tee,
    simulated: cpu.simulated,
    tcbStatus: cpu.tcbStatus,
    advisories: Object.freeze(cpu.advisories),
    measurements: cpu.measurements,
    workload: toHex(cpu.workload),
    deployment: toHex(keyset.deployment),
    digest: digestIdentity(bundle.cpu.tee, cpu, keyset.deployment),
    keyset: Object.freeze(keyset),
    keysetDigest: sha256(bundle.keyset),
    evidenceDigest,
    policyDigest,
    checks,
    inputs: Object.freeze(inputs.map((input) => Object.freeze(input))),
    appraisedAt: now,
    expiresAt: Math.min(...ends),
  };
}
