import type { TdReport } from './quote-types.ts';
import { judge, type TdxContext } from './tdx-context.ts';

/** TD_ATTRIBUTES (Intel TDX module ABI): DEBUG is bit 0; SEPT_VE_DISABLE, bit 28, keeps the host from removing pages unseen. */
const DEBUG = 1n;
const SEPT_VE_DISABLE = 1n << 28n;
/** XFAM bits that must be set (x87, SSE) and those that may be (Intel TDX module base specification, XFAM). */
const XFAM_REQUIRED = 0x3n;
const XFAM_ALLOWED = 0x6dbe7n;

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/**
 * Checks `td.*`: debug off; of the attributes SEPT_VE_DISABLE alone, so no migration, PKS, KL, PERFMON or reserved bit;
 * extended features within the architecture's; no service guest bound.
 */
export function checkTdReport(context: TdxContext, report: TdReport): void {
  const attributes = littleEndian(report.tdAttributes);
  const xfam = littleEndian(report.xfam);
  judge(context, 'td.debug', (attributes & DEBUG) === 0n, 'ERR_EVIDENCE_TD_DEBUG');
  judge(context, 'td.attributes', (attributes & ~DEBUG) === SEPT_VE_DISABLE, 'ERR_EVIDENCE_TD_ATTRIBUTES');
  judge(
    context,
    'td.xfam',
    (xfam & XFAM_REQUIRED) === XFAM_REQUIRED && (xfam & ~XFAM_ALLOWED) === 0n,
    'ERR_EVIDENCE_TD_ATTRIBUTES',
  );
  if (report.mrServiceTd === undefined) context.list.skip('td.service', 'The quote format has no MRSERVICETD.');
  else
    judge(
      context,
      'td.service',
      report.mrServiceTd.every((byte) => byte === 0),
      'ERR_EVIDENCE_TD_SERVICE',
    );
}
