import { type EvidenceProvider, toBase64url } from '@cloister/core';
import * as z from 'zod';
import { assertBound, assertReportData } from './assert-bound.ts';
import { parseGpuDevices } from './gpu-devices.ts';
import { decodeBytes, parseAnswer } from './parse-answer.ts';
import { requestLocal } from './request-local.ts';

/** Where the agent of Confidential Containers listens inside the guest. */
export interface CocoAgentOptions {
  /** Its port on 127.0.0.1. Default 8006. */
  readonly port?: number | undefined;
}

interface TdxAnswer {
  readonly quote: string;
  readonly cc_eventlog?: string | null | undefined;
}

const tdxAnswer: z.ZodType<TdxAnswer> = z.object({ quote: z.string(), cc_eventlog: z.string().nullish() });

function ask(options: CocoAgentOptions, call: string, data: Uint8Array): Promise<Uint8Array> {
  // Without `encoding` the agent would take the text itself for the data.
  const path = `/aa/${call}?runtime_data=${toBase64url(data)}&encoding=base64`;
  return requestLocal({ port: options.port ?? 8006 }, { method: 'GET', path });
}

/**
 * TDX evidence from the CoCo attestation agent's HTTP interface. SEV-SNP is not served this way: the agent takes the signed
 * report apart into JSON members.
 * @throws from `collect`: ERR_HOST_EVIDENCE_UNAVAILABLE, _REFUSED, _MALFORMED, _UNBOUND
 */
export function cocoAgent(options: CocoAgentOptions = {}): Pick<EvidenceProvider, 'tee' | 'collect'> {
  return {
    tee: 'tdx',
    async collect(reportData) {
      assertReportData(reportData);
      const answer = parseAnswer(tdxAnswer, await ask(options, 'evidence', reportData), 'evidence');
      const quote = decodeBytes(answer.quote, 'base64', 'quote');
      const log = answer.cc_eventlog;
      const eventLog = typeof log === 'string' ? { eventLog: decodeBytes(log, 'base64', 'cc_eventlog') } : {};
      return assertBound({ tee: 'tdx', quote, ...eventLog }, reportData);
    },
  };
}

/**
 * GPU evidence from the same agent.
 * @throws from the call: ERR_HOST_EVIDENCE_UNAVAILABLE, _REFUSED, _MALFORMED, _UNBOUND
 */
export function cocoGpus(options: CocoAgentOptions = {}): EvidenceProvider['collectGpus'] {
  return async (nonce) => parseGpuDevices(await ask(options, 'additional-evidence', nonce), nonce);
}
