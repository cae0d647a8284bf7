import { equalBytes, fromHex } from '@cloister/core';
import { createReportData } from './binding/create-report-data.ts';
import { computeNonceRoot } from './binding/nonce-root.ts';
import type { EvidenceBundle } from './bundle/evidence-bundle.ts';
import { type Keyset, MAX_KEYSET_LIFETIME, parseKeyset } from './bundle/keyset.ts';
import type { CheckList } from './check.ts';
import { type EvidencePolicy, PINS } from './policy/evidence-policy.ts';
import type { TdReport } from './tdx/quote-types.ts';

/** How far the gateway's clock may be ahead of ours, ms. */
const CLOCK_TOLERANCE = 300_000;

/** Checks `binding.*`: our nonce, its place among those of the quote, and all parts in the report data. */
export function checkBinding(
  list: CheckList,
  bundle: EvidenceBundle,
  nonce: Uint8Array,
  report: TdReport | undefined,
): void {
  list.require('binding.nonce', nonce.length === 32 && equalBytes(nonce, bundle.nonce), 'ERR_EVIDENCE_NONCE_MISMATCH');
  const nonceRoot = list.attempt('binding.nonce-path', 'ERR_EVIDENCE_NONCES_INVALID', () =>
    computeNonceRoot(nonce, bundle.nonceProof),
  );
  if (nonceRoot === undefined || report === undefined) return;
  const expected = createReportData({ nonceRoot, keyset: bundle.keyset, gpus: bundle.gpus });
  list.require('binding.report-data', equalBytes(expected, report.reportData), 'ERR_EVIDENCE_REPORT_DATA_MISMATCH');
}

/** Checks `keyset.*` and `pin.deployment`. */
export function checkKeyset(
  list: CheckList,
  bundle: EvidenceBundle,
  policy: EvidencePolicy,
  now: number,
): Keyset | undefined {
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
export function checkPins(list: CheckList, policy: EvidencePolicy, report: TdReport): void {
  for (const pin of PINS) {
    const wanted = policy.workload[pin];
    if (wanted === undefined) list.skip(`pin.${pin}`, 'The policy does not pin this measurement.');
    else list.require(`pin.${pin}`, equalBytes(report[pin], fromHex(wanted)), 'ERR_EVIDENCE_MEASUREMENT_MISMATCH');
  }
}

/** Notes what this version does not verify, so that a verdict never looks broader than it is. */
export function noteUnverified(list: CheckList, bundle: EvidenceBundle, policy: EvidencePolicy): void {
  if (policy.gpus !== undefined) list.require('gpu.evidence', false, 'ERR_EVIDENCE_GPU_UNSUPPORTED');
  else if (bundle.gpus.length === 0) list.skip('gpu.evidence', 'The policy names no GPU, and the bundle holds none.');
  else list.skip('gpu.evidence', 'Bound into the quote but not verified: the policy names no GPU.');
  list.skip('event-log.replay', 'Not replayed: runtime measurements are compared by value.');
  list.skip('pin.events', 'The policy pins no events.');
  list.skip('allow.ppid', 'The policy names no platforms.');
  list.skip('allow.fmspc', 'The policy names no platform families.');
}
