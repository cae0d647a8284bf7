import { equalBytes, fromHex } from '@cloister/core';
import type { CheckList } from '../check.ts';
import { checkEventLog } from './event-log/check-event-log.ts';
import { PINS, type TdxQuote } from './quote-types.ts';
import type { TdxPolicy, WorkloadPins } from './tdx-policy.ts';
import type { PckExtension } from './parse-pck-extension.ts';

function checkPins(list: CheckList, workload: WorkloadPins, { report }: TdxQuote): void {
  for (const pin of PINS) {
    const wanted = workload[pin];
    if (wanted === undefined) {
      list.skip(`pin.${pin}`, 'The policy does not pin this measurement.');
      continue;
    }
    const values = typeof wanted === 'string' ? [wanted] : wanted;
    const matches = values.some((value) => equalBytes(report[pin], fromHex(value)));
    list.require(`pin.${pin}`, matches, 'ERR_EVIDENCE_MEASUREMENT_MISMATCH');
  }
}

function checkAllowed(
  list: CheckList,
  name: 'ppid' | 'fmspc',
  value: string | undefined,
  allowed: TdxPolicy['ppids'],
): void {
  if (allowed === undefined) list.skip(`allow.${name}`, 'The policy accepts any.');
  else
    list.require(`allow.${name}`, value !== undefined && allowed.includes(value), 'ERR_EVIDENCE_PLATFORM_NOT_ACCEPTED');
}

/**
 * Checks what a policy demands beyond a good quote: `allow.*`, `event-log.replay` and `pin.*` of the measurements.
 */
export function checkTdxPolicy(
  list: CheckList,
  verdict: { readonly quote: TdxQuote; readonly platform: PckExtension | undefined },
  policy: Partial<TdxPolicy> & { readonly eventLog?: Uint8Array | undefined },
): void {
  checkAllowed(list, 'ppid', verdict.platform?.ppid, policy.ppids);
  checkAllowed(list, 'fmspc', verdict.platform?.fmspc, policy.fmspcs);
  checkEventLog(list, policy.eventLog, verdict.quote.report, policy.events);
  checkPins(list, policy.workload ?? {}, verdict.quote);
}
