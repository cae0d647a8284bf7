import { concat, equalBytes, fromHex, lengthPrefixed, sha256, type TdxCollateral, toHex, utf8 } from '@cloister/core';
import { createReportData } from './binding/create-report-data.ts';
import { computeNonceRoot } from './binding/nonce-root.ts';
import { encodeEvidenceBundle, type EvidenceBundle } from './bundle/evidence-bundle.ts';
import { type Keyset, MAX_KEYSET_LIFETIME, parseKeyset } from './bundle/keyset.ts';
import { assertChecks, type CheckList, createCheckList } from './check.ts';
import { type EnclaveIdentity, mintIdentity, type VerdictInput, type Verified } from './enclave-identity.ts';
import {
  evidencePolicyDigest,
  type EvidencePolicy,
  parseEvidencePolicy,
  type Pin,
  PINS,
} from './policy/evidence-policy.ts';
import type { TdReport } from './tdx/quote-types.ts';
import { createTdxContext } from './tdx/tdx-context.ts';
import { checkTdxQuote, type TdxVerdict } from './tdx/verify-tdx-quote.ts';
import { INTEL_ROOTS, type TrustRoots } from './trust-roots.ts';

/** How far the gateway's clock may be ahead of ours, ms. */
const CLOCK_TOLERANCE = 300_000;
const DEFAULT_MAX_AGE = 3_600_000;

/** What an appraisal needs besides bundle and policy. */
export interface AppraiseOptions {
  /** Verification time, ms since the epoch. */
  readonly now: number;
  /** The nonce that this caller sent, 32 bytes. */
  readonly nonce: Uint8Array;
  /** Intel's root unless said. */
  readonly roots?: TrustRoots | undefined;
  /** Used when the bundle has none, and preferred when it has. */
  readonly collateral?: TdxCollateral | undefined;
}

/** Checks `binding.*`: our nonce, its place among those of the quote, and all parts in the report data. */
function checkBinding(list: CheckList, bundle: EvidenceBundle, nonce: Uint8Array, report: TdReport | undefined): void {
  list.require('binding.nonce', nonce.length === 32 && equalBytes(nonce, bundle.nonce), 'ERR_EVIDENCE_NONCE_MISMATCH');
  const nonceRoot = list.attempt('binding.nonce-path', 'ERR_EVIDENCE_NONCES_INVALID', () =>
    computeNonceRoot(nonce, bundle.nonceProof),
  );
  if (nonceRoot === undefined || report === undefined) return;
  const expected = createReportData({ nonceRoot, keyset: bundle.keyset, gpus: bundle.gpus });
  list.require('binding.report-data', equalBytes(expected, report.reportData), 'ERR_EVIDENCE_REPORT_DATA_MISMATCH');
}

/** Checks `keyset.*` and `pin.deployment`. */
function checkKeyset(list: CheckList, bundle: EvidenceBundle, policy: EvidencePolicy, now: number): Keyset | undefined {
  const keyset = list.attempt('keyset.format', 'ERR_EVIDENCE_KEYSET_MALFORMED', () => parseKeyset(bundle.keyset));
  if (keyset === undefined) return undefined;
  const { notBefore, notAfter, deployment } = keyset;
  const isValid = notBefore <= now + CLOCK_TOLERANCE && now <= notAfter && notAfter - notBefore <= MAX_KEYSET_LIFETIME;
  list.require('keyset.validity', isValid, 'ERR_EVIDENCE_KEYSET_EXPIRED');
  list.require(
    'pin.deployment',
    equalBytes(deployment, fromHex(policy.deployment)),
    'ERR_EVIDENCE_DEPLOYMENT_MISMATCH',
  );
  return keyset;
}

/** Checks `pin.*` of the workload. */
function checkPins(list: CheckList, policy: EvidencePolicy, report: TdReport): void {
  for (const pin of PINS) {
    const wanted = policy.workload[pin];
    if (wanted === undefined) list.skip(`pin.${pin}`, 'The policy does not pin this measurement.');
    else list.require(`pin.${pin}`, equalBytes(report[pin], fromHex(wanted)), 'ERR_EVIDENCE_MEASUREMENT_MISMATCH');
  }
}

/** Notes what this version does not verify, so that a verdict never looks broader than it is. */
function noteUnverified(list: CheckList, bundle: EvidenceBundle, policy: EvidencePolicy): void {
  if (policy.gpus !== undefined) list.require('gpu.evidence', false, 'ERR_EVIDENCE_GPU_UNSUPPORTED');
  else if (bundle.gpus.length === 0) list.skip('gpu.evidence', 'The policy names no GPU, and the bundle holds none.');
  else list.skip('gpu.evidence', 'Bound into the quote but not verified: the policy names no GPU.');
  list.skip('event-log.replay', 'Not replayed: runtime measurements are compared by value.');
}

function namedTexts(collateral: TdxCollateral | undefined): readonly (readonly [string, Uint8Array])[] {
  const members = Object.entries(collateral ?? {}).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return members.map(([name, text]) => [`collateral.${name}`, utf8(text as string)]);
}

function nameInputs(
  bundle: EvidenceBundle,
  collateral: TdxCollateral | undefined,
  policyDigest: Uint8Array,
  options: AppraiseOptions,
): readonly VerdictInput[] {
  const roots = concat(...(options.roots ?? INTEL_ROOTS).intel.map((root) => lengthPrefixed(root)));
  const named: readonly (readonly [string, Uint8Array])[] = [
    ['nonce', options.nonce],
    ['keyset', bundle.keyset],
    ['cpu', bundle.cpu.tee === 'tdx' ? bundle.cpu.quote : bundle.cpu.report],
    ...namedTexts(collateral),
    ['roots', roots],
  ];
  const inputs = named.map(([name, bytes]) => Object.freeze({ name, sha256: toHex(sha256(bytes)) }));
  return Object.freeze([...inputs, Object.freeze({ name: 'policy', sha256: toHex(policyDigest) })]);
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

/**
 * Appraises evidence against a policy (DESIGN 6.1). Pure and deterministic: bundle, policy and options in, verdict out.
 * Every check of the list runs or says why not; one failure refuses.
 * @returns the identity, good until `expiresAt`: the earliest of certificates, revocation lists, collateral, keyset and the
 *   policy's maximum age
 * @throws AppraisalError with the code of the first failed check and the whole list in `checks`;
 *   CloisterError ERR_EVIDENCE_POLICY_INVALID or ERR_EVIDENCE_POLICY_UNPINNED before any check
 */
export async function appraise(
  bundle: EvidenceBundle,
  policy: EvidencePolicy,
  options: AppraiseOptions,
): Promise<Verified<EnclaveIdentity>> {
  const { now, nonce, roots = INTEL_ROOTS } = options;
  const pinned = parseEvidencePolicy(policy);
  const collateral = options.collateral ?? bundle.collateral;
  const list = createCheckList();
  const { cpu } = bundle;
  const code = cpu.tee === pinned.tee ? 'ERR_EVIDENCE_TEE_UNSUPPORTED' : 'ERR_EVIDENCE_TEE_MISMATCH';
  list.require('cpu.tee', cpu.tee === pinned.tee, code);
  const context = createTdxContext({ list, now, roots, mode: 'strict' });
  const verdict = cpu.tee === 'tdx' ? await checkTdxQuote(context, cpu.quote, { ...pinned, collateral }) : undefined;
  checkBinding(list, bundle, nonce, verdict?.quote.report);
  const keyset = checkKeyset(list, bundle, pinned, now);
  if (verdict !== undefined) checkPins(list, pinned, verdict.quote.report);
  noteUnverified(list, bundle, pinned);
  const checks = assertChecks(list, { complete: true });
  return mintIdentity(
    createIdentity(bundle, pinned, {
      verdict: verdict as TdxVerdict,
      keyset: keyset as Keyset,
      checks,
      collateral,
      options,
    }),
  );
}

interface Findings {
  readonly verdict: TdxVerdict;
  readonly keyset: Keyset;
  readonly checks: EnclaveIdentity['checks'];
  readonly collateral: TdxCollateral | undefined;
  readonly options: AppraiseOptions;
}

function createIdentity(
  bundle: EvidenceBundle,
  policy: EvidencePolicy,
  { verdict, keyset, checks, collateral, options }: Findings,
): EnclaveIdentity {
  const { now } = options;
  const policyDigest = evidencePolicyDigest(policy);
  const ends = [
    verdict.expiresAt,
    keyset.notAfter,
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
    evidenceDigest: sha256(utf8(encodeEvidenceBundle(bundle))),
    policyDigest,
    checks,
    inputs: nameInputs(bundle, collateral, policyDigest, options),
    expiresAt: Math.min(...ends),
  };
}
