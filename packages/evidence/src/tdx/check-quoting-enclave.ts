import { concat, equalBytes, fromHex, sha256, toHex } from '@cloister/core';
import { verifyEcdsa } from '../ecdsa/verify-ecdsa.ts';
import type { PckChain } from './check-pck-chain.ts';
import type { QeIdentity } from './collateral-schemas.ts';
import type { EnclaveReport, TdxQuote } from './quote-types.ts';
import type { TdxContext } from './tdx-context.ts';

const INTEL_QE_VENDOR = '939a7233f79c4ca9940a0db3957f0607';
const SGX_DEBUG = 0x02;

function matchesMasked(value: Uint8Array, expected: string, mask: string): boolean {
  const wanted = fromHex(expected);
  const bits = fromHex(mask);
  return (
    value.length === wanted.length &&
    value.every((byte, index) => (byte & (bits[index] ?? 0xff)) === ((wanted[index] ?? 0) & (bits[index] ?? 0xff)))
  );
}

function matchesIdentity(report: EnclaveReport, identity: QeIdentity): boolean {
  return (
    toHex(report.mrSigner) === identity.mrsigner &&
    report.isvProdId === identity.isvprodid &&
    matchesMasked(report.miscSelect, identity.miscselect, identity.miscselectMask) &&
    matchesMasked(report.attributes, identity.attributes, identity.attributesMask)
  );
}

/** Whether the QE report names the attestation key: SHA-256(key || authentication data), then 32 zero bytes. */
function bindsAttestationKey({ attestationKey, qeAuthData, qeReport }: TdxQuote): boolean {
  const expected = new Uint8Array(64);
  expected.set(sha256(concat(attestationKey, qeAuthData)));
  return equalBytes(expected, qeReport.reportData);
}

/**
 * Checks `quote.vendor`, `qe.*`, `attestation-key.binding` and `quote.signature`: platform certificate -> QE report ->
 * attestation key -> quote (Intel DCAP quote verification; identity as published by the PCS).
 */
export async function checkQuotingEnclave(
  { list, mode }: TdxContext,
  quote: TdxQuote,
  chain: PckChain | undefined,
  identity: QeIdentity | undefined,
): Promise<void> {
  list.require('quote.vendor', toHex(quote.qeVendorId) === INTEL_QE_VENDOR, 'ERR_EVIDENCE_QE_VENDOR');
  if (chain !== undefined) {
    const isSigned = await verifyEcdsa(chain.leaf.publicKey, quote.qeReport.raw, quote.qeReportSignature);
    list.require('qe.signature', isSigned, 'ERR_EVIDENCE_QE_SIGNATURE');
  }
  if (identity !== undefined)
    list.require('qe.identity', matchesIdentity(quote.qeReport, identity), 'ERR_EVIDENCE_QE_IDENTITY_MISMATCH');
  else if (mode === 'cryptography') list.skip('qe.identity', 'There is no identity to compare with.');
  list.require('qe.debug', ((quote.qeReport.attributes[0] ?? SGX_DEBUG) & SGX_DEBUG) === 0, 'ERR_EVIDENCE_QE_DEBUG');
  list.require('attestation-key.binding', bindsAttestationKey(quote), 'ERR_EVIDENCE_ATTESTATION_KEY_UNBOUND');
  const isSigned = await verifyEcdsa(quote.attestationKey, quote.signed, quote.signature);
  list.require('quote.signature', isSigned, 'ERR_EVIDENCE_QUOTE_SIGNATURE');
}
