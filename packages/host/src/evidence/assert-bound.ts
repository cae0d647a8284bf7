import { type CpuEvidence, equalBytes } from '@cloister/core';
import { parseTdxQuote } from '@cloister/evidence/tdx';
import { hostError } from '../errors.ts';

/** Where a SEV-SNP report keeps its 64 bytes of report data, and how long a report is. */
const SNP_REPORT_DATA = 0x50;
const SNP_REPORT_LENGTH = 1184;

/**
 * Returns evidence whose report data is what was asked for. Clients check that too; here it tells a wrong interface from a
 * wrong caller, before anything is served.
 * @throws ERR_HOST_EVIDENCE_MALFORMED, ERR_HOST_EVIDENCE_UNBOUND
 */
export function assertBound(evidence: CpuEvidence, reportData: Uint8Array): CpuEvidence {
  const signed = evidence.tee === 'tdx' ? tdxReportData(evidence.quote) : snpReportData(evidence.report);
  if (!equalBytes(signed, reportData)) throw hostError('ERR_HOST_EVIDENCE_UNBOUND');
  return evidence;
}

function tdxReportData(quote: Uint8Array): Uint8Array {
  try {
    return parseTdxQuote(quote).report.reportData;
  } catch {
    throw hostError('ERR_HOST_EVIDENCE_MALFORMED', { subject: 'quote' });
  }
}

function snpReportData(report: Uint8Array): Uint8Array {
  if (report.length !== SNP_REPORT_LENGTH) throw hostError('ERR_HOST_EVIDENCE_MALFORMED', { subject: 'report' });
  return report.subarray(SNP_REPORT_DATA, SNP_REPORT_DATA + 64);
}

/** The bytes of report data have one length everywhere. @throws RangeError */
export function assertReportData(reportData: Uint8Array): void {
  if (reportData.length !== 64) throw new RangeError('report data has 64 bytes');
}
