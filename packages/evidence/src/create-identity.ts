import { concat, lengthPrefixed, sha256, type TdxCollateral, toHex, utf8 } from '@cloister/core';
import { encodeEvidenceBundle, type EvidenceBundle } from './bundle/evidence-bundle.ts';
import { type Keyset, MAX_KEYSET_LIFETIME } from './bundle/keyset.ts';
import type { EnclaveIdentity, VerdictInput } from './enclave-identity.ts';
import { digestEvidencePolicy, type EvidencePolicy } from './policy/evidence-policy.ts';
import { type Pin, PINS, type TdReport } from './tdx/quote-types.ts';
import type { TdxVerdict } from './tdx/verify-tdx-quote.ts';
import type { VerificationCache } from './verification-cache.ts';
import { INTEL_ROOTS, type TrustRoots } from './trust-roots.ts';

const DEFAULT_MAX_AGE = 3_600_000;

/** What an appraisal needs besides bundle and policy. */
export interface AppraiseOptions {
  /** Verification time, ms since the epoch. */
  readonly now: number;
  /** The nonce that this caller sent, 32 bytes. */
  readonly nonce: Uint8Array;
  /** Intel's root unless said. */
  readonly roots?: TrustRoots | undefined;
  /** Where chains, lists and documents that come again are worked out once; the verdict does not depend on it. */
  readonly cache?: VerificationCache | undefined;
  /** Used when the bundle has none, and preferred when it has. */
  readonly collateral?: TdxCollateral | undefined;
}

function namedTexts(collateral: TdxCollateral | undefined): readonly (readonly [string, Uint8Array])[] {
  const members = Object.entries(collateral ?? {}).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return members.map(([name, text]) => [`collateral.${name}`, utf8(text as string)]);
}

function nameInputs(
  bundle: EvidenceBundle,
  collateral: TdxCollateral | undefined,
  options: AppraiseOptions,
): readonly VerdictInput[] {
  const roots = concat(...(options.roots ?? INTEL_ROOTS).intel.map((root) => lengthPrefixed(root)));
  const named: readonly (readonly [string, Uint8Array])[] = [
    ['nonce', options.nonce],
    ['keyset', bundle.keyset],
    ['cpu', bundle.cpu.tee === 'tdx' ? bundle.cpu.quote : bundle.cpu.report],
    ...bundle.gpus.map(({ report }, index) => [`gpu.${index}`, report] as const),
    ...namedTexts(collateral),
    ['roots', roots],
  ];
  return named.map(([name, bytes]) => ({ name, sha256: toHex(sha256(bytes)) }));
}

function readMeasurements(report: TdReport): Readonly<Record<Pin, string>> {
  return Object.freeze(Object.fromEntries(PINS.map((pin) => [pin, toHex(report[pin])])) as Record<Pin, string>);
}

/** Identity digest (DESIGN 6.6): TEE, measurement (MRTD and RTMR0 to 3), workload (MRCONFIGID), deployment. */
function digestIdentity({ quote: { report }, simulated }: TdxVerdict, deployment: Uint8Array): Uint8Array {
  const measurement = lengthPrefixed(report.mrTd, report.rtmr0, report.rtmr1, report.rtmr2, report.rtmr3);
  return sha256(
    concat(
      utf8('cloister/identity/v1'),
      lengthPrefixed(simulated ? 'tdx/simulated' : 'tdx', measurement, report.mrConfigId, deployment),
    ),
  );
}

/** What the checks of an appraisal found. */
export interface Findings {
  readonly verdict: TdxVerdict;
  readonly keyset: Keyset;
  readonly checks: EnclaveIdentity['checks'];
  readonly collateral: TdxCollateral | undefined;
  /** Last moment at which the owner's word for the deployment holds, ms since the epoch. */
  readonly ownedUntil: number;
  readonly options: AppraiseOptions;
}

/** The identity that an appraisal without failures established (DESIGN 6.1, 6.6). */
export function createIdentity(
  bundle: EvidenceBundle,
  policy: EvidencePolicy,
  { verdict, keyset, checks, collateral, ownedUntil, options }: Findings,
): EnclaveIdentity {
  const { now } = options;
  const policyDigest = digestEvidencePolicy(policy);
  const evidenceDigest = sha256(utf8(encodeEvidenceBundle(bundle)));
  const inputs = [
    ...nameInputs(bundle, collateral, options),
    { name: 'bundle', sha256: toHex(evidenceDigest) },
    { name: 'policy', sha256: toHex(policyDigest) },
  ];
  const ends = [
    verdict.expiresAt,
    keyset.notAfter,
    ownedUntil,
    now + MAX_KEYSET_LIFETIME,
    now + (policy.maxAge ?? DEFAULT_MAX_AGE),
  ];
  return {
    tee: 'tdx',
    simulated: verdict.simulated,
    tcbStatus: verdict.tcbStatus ?? 'Revoked',
    advisories: Object.freeze(verdict.advisories),
    measurements: readMeasurements(verdict.quote.report),
    workload: toHex(verdict.quote.report.mrConfigId),
    deployment: toHex(keyset.deployment),
    digest: digestIdentity(verdict, keyset.deployment),
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
