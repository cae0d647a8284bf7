import { Buffer } from 'node:buffer';
import { concat, fromHex, utf8 } from '@cloister/core';
import { createVerificationCache, parseTdxQuote, verifyTdxQuote } from '@cloister/evidence/tdx';
import { verify as verifyWithPeer } from '@phala/dcap-qvl';
import { type GenuineEvidence, loadPhalaV4 } from '../../test/evidence/load-vectors.ts';
import type { Row } from '../report.ts';
import { type BareSignature, certificatesOf, publicKeyOf, signedBy, verifyBare } from './bare-signatures.ts';
import { interleave } from './interleave.ts';

const P256 = fromHex('3059301306072a8648ce3d020106082a8648ce3d03010703420004');

/** The signatures of a quote itself: quoting enclave's report, then the quote. */
function quoteSignatures({ quote: bytes }: GenuineEvidence): BareSignature[] {
  const quote = parseTdxQuote(bytes);
  const [leaf] = certificatesOf(Buffer.from(quote.pckChain).toString('latin1'));
  if (leaf === undefined) throw new Error('the quote has no chain');
  const common = { hash: 'sha256', encoding: 'ieee-p1363' } as const;
  return [
    { ...common, key: publicKeyOf(leaf), message: quote.qeReport.raw, signature: quote.qeReportSignature },
    { ...common, key: concat(P256, quote.attestationKey), message: quote.signed, signature: quote.signature },
  ];
}

/** The seven others that a verification without memory needs: chains, revocation lists, documents. */
function chainSignatures({ quote, collateral }: GenuineEvidence): BareSignature[] {
  const [leaf, authority, root] = certificatesOf(Buffer.from(parseTdxQuote(quote).pckChain).toString('latin1'));
  const [signer] = certificatesOf(collateral.tcb_info_issuer_chain);
  if (!leaf || !authority || !root || !signer) throw new Error('a chain is cut');
  const document = (text: string, signature: string): BareSignature => ({
    key: publicKeyOf(signer),
    hash: 'sha256',
    message: utf8(text),
    signature: fromHex(signature),
    encoding: 'ieee-p1363',
  });
  return [
    signedBy(authority, leaf.raw),
    signedBy(root, authority.raw),
    signedBy(root, signer.raw),
    signedBy(root, fromHex(collateral.root_ca_crl)),
    signedBy(authority, fromHex(collateral.pck_crl)),
    document(collateral.tcb_info, collateral.tcb_info_signature),
    document(collateral.qe_identity, collateral.qe_identity_signature),
  ];
}

/** TDX: without memory and with chains and collateral seen before, each against its own signatures; the peer beside. */
export async function measureTdx(): Promise<Row[]> {
  const genuine = loadPhalaV4();
  const { quote, collateral, at: now } = genuine;
  const cache = createVerificationCache();
  const own = quoteSignatures(genuine);
  const all = [...chainSignatures(genuine), ...own];
  const works = {
    bare: () => verifyBare(all),
    cold: () => verifyTdxQuote(quote, { now, collateral }),
    bareWarm: () => verifyBare(own),
    warm: () => verifyTdxQuote(quote, { now, collateral, cache }),
    peer: () => verifyWithPeer(quote, { ...collateral }, now / 1000),
  };
  const median = await interleave(works, { warmUp: 200, rounds: 400 });
  const compare = (name: string, value: string, baseline: string): Row => ({
    name,
    value: median(value),
    unit: 'ms',
    baseline: median(baseline),
    ratio: median(value) / median(baseline),
  });
  return [
    compare(`tdx cold, all checks, against its ${all.length} signatures`, 'cold', 'bare'),
    compare(`tdx warm, chains and collateral seen, against its ${own.length} signatures`, 'warm', 'bareWarm'),
    compare('tdx cold, against @phala/dcap-qvl', 'cold', 'peer'),
  ];
}
