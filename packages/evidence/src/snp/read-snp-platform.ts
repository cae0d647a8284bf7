import type { AmdLine } from '../trust-roots.ts';
import { snpError } from './errors.ts';
import { findLine } from './find-line.ts';
import { parseSnpReport } from './parse-snp-report.ts';
import type { SnpTcb } from './report-types.ts';
import { readTcb } from './snp-tcb.ts';

/** What has to be known of a platform to ask for its collateral. */
export interface SnpPlatform {
  readonly line: AmdLine;
  /** Whose key signed: the chip's, or one lent to a provider. */
  readonly signer: 'vcek' | 'vlek';
  /** 64 bytes, on Turin 8; `undefined` when the host masks it. */
  readonly chipId: Uint8Array | undefined;
  /** The TCB that the key is derived from. */
  readonly tcb: SnpTcb;
}

/**
 * Reads from a report which collateral it needs. Nothing is verified: what the answer is good for shows when it is.
 * @param assumed the line of a report of version 2, which does not name its processor
 * @throws CloisterError ERR_EVIDENCE_SNP_REPORT_MALFORMED and its kin, ERR_EVIDENCE_SNP_LINE_UNSUPPORTED,
 *   ERR_EVIDENCE_SNP_SIGNER_UNSUPPORTED, ERR_EVIDENCE_SNP_TCB_MALFORMED
 */
export function readSnpPlatform(report: Uint8Array, assumed?: AmdLine): SnpPlatform {
  const { cpuid, signingKey, chipId, reportedTcb } = parseSnpReport(report);
  const line = cpuid === undefined ? assumed : findLine(cpuid);
  if (line === undefined) throw snpError('ERR_EVIDENCE_SNP_LINE_UNSUPPORTED');
  if (signingKey !== 0 && signingKey !== 1) throw snpError('ERR_EVIDENCE_SNP_SIGNER_UNSUPPORTED');
  const isMasked = chipId.every((byte) => byte === 0);
  return {
    line,
    signer: signingKey === 0 ? 'vcek' : 'vlek',
    chipId: isMasked ? undefined : chipId.subarray(0, line === 'Turin' ? 8 : 64),
    tcb: readTcb(reportedTcb, line),
  };
}
