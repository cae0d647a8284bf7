import { parsePckChain } from './check-pck-chain.ts';
import { parsePckExtension } from './parse-pck-extension.ts';
import { parseTdxQuote } from './parse-tdx-quote.ts';

/** What has to be known of a platform to ask for its collateral. */
export interface TdxPlatform {
  /** 6 bytes, lower-case hex. */
  readonly fmspc: string;
  /** Which of Intel's two PCK authorities issued the platform's certificate. */
  readonly authority: 'platform' | 'processor';
}

/**
 * Reads from a quote which collateral it needs. Nothing is verified: what the answer is good for shows when it is.
 * @throws CloisterError ERR_EVIDENCE_QUOTE_MALFORMED and its kin, ERR_EVIDENCE_CERTIFICATE_MALFORMED, ERR_EVIDENCE_DER_MALFORMED
 */
export function readTdxPlatform(quote: Uint8Array): TdxPlatform {
  const [leaf, issuer] = parsePckChain(parseTdxQuote(quote).pckChain);
  const isProcessor = issuer.subject.commonName === 'Intel SGX PCK Processor CA';
  return { fmspc: parsePckExtension(leaf).fmspc, authority: isProcessor ? 'processor' : 'platform' };
}
