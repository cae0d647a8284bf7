import { equalBytes, fromHex } from '@cloister/core';
import { createReportData } from './binding/create-report-data.ts';
import { computeNonceRoot } from './binding/nonce-root.ts';
import type { EvidenceBundle } from './bundle/evidence-bundle.ts';
import { type Keyset, MAX_KEYSET_LIFETIME, parseKeyset } from './bundle/keyset.ts';
import type { CheckList } from './check.ts';
import type { EvidencePolicy } from './policy/evidence-policy.ts';
import { verifySignedDeployment } from './signed-deployment.ts';

/** How far the gateway's clock may be ahead of ours, ms. */
const CLOCK_TOLERANCE = 300_000;

/**
 * Checks `binding.*`: our nonce, its place among those of the quote, and all parts in the report data.
 * @returns the root of the nonces, if there is one
 */
export function checkBinding(
  list: CheckList,
  bundle: EvidenceBundle,
  nonce: Uint8Array,
  reportData: Uint8Array | undefined,
): Uint8Array | undefined {
  list.require('binding.nonce', nonce.length === 32 && equalBytes(nonce, bundle.nonce), 'ERR_EVIDENCE_NONCE_MISMATCH');
  const nonceRoot = list.attempt('binding.nonce-path', 'ERR_EVIDENCE_NONCES_INVALID', () =>
    computeNonceRoot(nonce, bundle.nonceProof),
  );
  if (nonceRoot === undefined || reportData === undefined) return nonceRoot;
  const expected = createReportData({ nonceRoot, keyset: bundle.keyset, gpus: bundle.gpus });
  list.require('binding.report-data', equalBytes(expected, reportData), 'ERR_EVIDENCE_REPORT_DATA_MISMATCH');
  return nonceRoot;
}

/** Checks `keyset.*`: form, and that it is valid now and lives an hour at most. Returns it when it has the form. */
export function checkKeyset(list: CheckList, bundle: EvidenceBundle, now: number): Keyset | undefined {
  const keyset = list.attempt('keyset.format', 'ERR_EVIDENCE_KEYSET_MALFORMED', () => parseKeyset(bundle.keyset));
  if (keyset === undefined) return undefined;
  const { notBefore, notAfter } = keyset;
  const isValid = notBefore <= now + CLOCK_TOLERANCE && now <= notAfter && notAfter - notBefore <= MAX_KEYSET_LIFETIME;
  list.require('keyset.validity', isValid, 'ERR_EVIDENCE_KEYSET_EXPIRED');
  return keyset;
}

/**
 * Checks `pin.deployment` and `owner.signature`: the digest that the policy names, its owner's word for it, or both.
 * @returns how long the owner's word holds, ms since the epoch; without bounds when the policy names no owner
 */
export async function checkDeployment(
  list: CheckList,
  { deploymentSignature: signed }: EvidenceBundle,
  { deployment: pin, owner }: EvidencePolicy,
  { keyset, now }: { readonly keyset: Keyset | undefined; readonly now: number },
): Promise<number> {
  if (pin === undefined) list.skip('pin.deployment', 'The policy leaves the deployment to its owner.');
  else if (keyset !== undefined)
    list.require('pin.deployment', equalBytes(keyset.deployment, fromHex(pin)), 'ERR_EVIDENCE_DEPLOYMENT_MISMATCH');
  if (owner === undefined) {
    list.skip('owner.signature', 'The policy names no owner.');
    return Number.POSITIVE_INFINITY;
  }
  if (keyset === undefined) return 0;
  const isSigned = signed !== undefined && (await verifySignedDeployment(fromHex(owner), keyset.deployment, signed));
  if (list.require('owner.signature', isSigned, 'ERR_EVIDENCE_OWNER_SIGNATURE') && signed !== undefined)
    list.require('owner.signature', now <= signed.notAfter, 'ERR_EVIDENCE_OWNER_SIGNATURE_EXPIRED');
  return signed?.notAfter ?? 0;
}
