import { type EvidenceProvider, toHex, utf8 } from '@cloister/core';
import * as z from 'zod';
import { assertBound, assertReportData } from './assert-bound.ts';
import { decodeBytes, parseAnswer } from './parse-answer.ts';
import { requestLocal } from './request-local.ts';

/** Where the guest agent of dstack listens. */
export interface DstackOptions {
  /** Its Unix socket. Default `/var/run/dstack.sock`. */
  readonly socket?: string | undefined;
}

const answerSchema: z.ZodType<{ readonly quote: string; readonly event_log: string }> = z.object({
  quote: z.string(),
  event_log: z.string(),
});

/**
 * TDX evidence from dstack's socket, with the event log that shows the compose hash.
 * @throws from `collect`: ERR_HOST_EVIDENCE_UNAVAILABLE, _REFUSED, _MALFORMED, _UNBOUND
 */
export function dstack(options: DstackOptions = {}): Pick<EvidenceProvider, 'tee' | 'collect'> {
  const service = { socket: options.socket ?? '/var/run/dstack.sock' };
  return {
    tee: 'tdx',
    async collect(reportData) {
      assertReportData(reportData);
      const body = JSON.stringify({ report_data: toHex(reportData) });
      const bytes = await requestLocal(service, { method: 'POST', path: '/GetQuote', body });
      const answer = parseAnswer(answerSchema, bytes, 'GetQuote');
      const quote = decodeBytes(answer.quote, 'hex', 'quote');
      return assertBound({ tee: 'tdx', quote, eventLog: utf8(answer.event_log) }, reportData);
    },
  };
}
