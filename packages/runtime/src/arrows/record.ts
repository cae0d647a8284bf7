import {
  findCloisterError,
  toHex,
  type AuditContext,
  type AuditRecord,
  type AuditReference,
  type ErrorCode,
} from '@cloister/core';
import type { AuditEventFields } from '@cloister/audit';
import type { EnclaveIdentity } from '@cloister/evidence';
import type { AssembledPrompt } from '@cloister/prompt';
import type { SearchReport } from '@cloister/retriever';
import type { ArrowName } from '../arrow-name.ts';
import type { ArrowNotes, ArrowReport } from '../arrow.ts';
import type { Chain } from '../chain.ts';
import { recordEvent } from '../events.ts';
import type { OpenSession } from '../session.ts';
import type { CachePlace } from './isolate.ts';
import type { MaskedParts } from './redact.ts';
import type { RestoredAnswer } from './restore.ts';
import { toFinish } from './to-finish.ts';

/** Writes the audit events of one question. Only counts, digests and references go in. */
export interface Recorder {
  /** Who asks, and the reference of this question. */
  readonly context: AuditContext;
  /** The reference of the session. */
  readonly conversation: AuditReference<'session'>;
  /** On its way to the disk: durable with `begin`, because the log keeps the order. */
  attestation(identity: EnclaveIdentity, milliseconds: number): void;
  /** As `attestation`. */
  retrieval(report: SearchReport, limit: number, returned: number, milliseconds: number): void;
  /** Durable before the prompt leaves, with all that was recorded before. */
  begin(prompt: AssembledPrompt, masked: Pick<MaskedParts, 'counts'>, cache: CachePlace): Promise<void>;
  /** Durable before the last character and the result are handed out. */
  end(answer: Omit<RestoredAnswer, 'held'>, notes: ArrowNotes): Promise<AuditRecord>;
  /** Says which arrow refused and why, and that an inference that had begun has ended; never hides the error that it reports. */
  refuse(error: unknown, reports: readonly ArrowReport[]): Promise<void>;
  /** Says that an inference ended because its reader went away; nothing where it did not begin or has ended. */
  cancel(): Promise<void>;
}

const STAGES = {
  evidence: 'evidence',
  retrieval: 'retrieval',
  redaction: 'redaction',
  prompt: 'prompt',
  session: 'session',
  channel: 'channel',
  answer: 'inference',
  audit: 'audit',
} as const satisfies Record<ArrowName, string>;

/** The recorder of one question. */
export async function createRecorder(chain: Chain, session: OpenSession): Promise<Recorder> {
  const references = await chain.references.current();
  const context: AuditContext = references.context(chain.claims);
  const conversation = references.pseudonym('session', session.cache.id);
  const { identity } = chain.inference.enclave;
  const digests = { evidence: toHex(identity.evidenceDigest), policy: toHex(identity.policyDigest) };
  const { model } = chain.inference;
  const start = performance.now();
  const early: Promise<AuditRecord>[] = [];
  let isRunning = false;
  /** The log that fails now has said so already, or will when it is needed. */
  const breakOff = async (outcome: 'error' | 'cancelled', code?: ErrorCode): Promise<void> => {
    if (!isRunning) return;
    isRunning = false;
    const nothing = { tokens: { input: 0, output: 0 }, citations: { valid: 0, unknown: 0 } };
    const ms = Math.round(performance.now() - start);
    const said = { ...context, model, ...nothing, ms, ...(code === undefined ? {} : { code }) };
    await recordEvent(chain.audit, { type: 'inference.end', outcome, finish: outcome, ...said }).catch(() => {});
  };
  return {
    context,
    conversation,
    attestation({ tee, simulated }, milliseconds) {
      const ms = Math.round(milliseconds);
      recordEarly(chain, early, {
        type: 'attestation.verify',
        outcome: 'allow',
        tee,
        simulated,
        verdict: 'accept',
        ...digests,
        ms,
      });
    },
    retrieval(report, limit, returned, milliseconds) {
      recordEarly(chain, early, describeSearch(chain, context, { report, limit, returned, milliseconds }));
    },
    async begin(prompt, masked, cache) {
      await recordEvent(chain.audit, {
        type: 'inference.begin',
        outcome: 'allow',
        ...context,
        model,
        ...digests,
        session: conversation,
        scope: cache.scope,
        label: prompt.label,
        stream: true,
        sources: prompt.sources.length,
        redactions: masked.counts,
      });
      await Promise.all(early);
      isRunning = true;
    },
    async end(answer, notes) {
      const recorded = await recordEvent(chain.audit, {
        type: 'inference.end',
        outcome: 'allow',
        ...context,
        model,
        finish: toFinish(answer.finishReason),
        tokens: countTokens(answer),
        citations: { valid: answer.citations.length, unknown: answer.unknownCitations.length },
        ms: Math.round(performance.now() - start),
        receipt: answer.receipt.digest,
      });
      isRunning = false;
      notes.attributes = { 'cloister.audit.index': recorded.index };
      return recorded;
    },
    async refuse(error, reports) {
      await breakOff('error', findCloisterError(error)?.code);
      await recordRefusal(chain, context, error, reports);
    },
    cancel: () => breakOff('cancelled'),
  };
}

function countTokens({ usage }: Pick<RestoredAnswer, 'usage'>): { input: number; output: number; cached?: number } {
  const cached = usage?.cachedTokens === undefined ? {} : { cached: usage.cachedTokens };
  return { input: usage?.promptTokens ?? 0, output: usage?.completionTokens ?? 0, ...cached };
}

/** One search in counts. */
function describeSearch(
  { collection }: Chain,
  context: AuditContext,
  search: {
    readonly report: SearchReport;
    readonly limit: number;
    readonly returned: number;
    readonly milliseconds: number;
  },
): AuditEventFields {
  const { report, limit, returned, milliseconds } = search;
  return {
    type: 'retrieval.query',
    outcome: 'allow',
    ...context,
    collection,
    mode: 'sealed',
    limit,
    scanned: report.scanned,
    returned,
    refusedByAcl: report.refusedByAcl,
    refusedByStore: Object.values(report.refusedByStore).reduce((sum, count) => sum + count, 0),
    rollback: report.rollback === 'checked' ? 'checked' : 'not-detected',
    ms: Math.round(milliseconds),
  };
}

/** Sends an event on its way. Whoever waits for `early` hears of a failure. */
function recordEarly(chain: Chain, early: Promise<AuditRecord>[], fields: AuditEventFields): void {
  const recorded = recordEvent(chain.audit, fields);
  recorded.catch(() => {});
  early.push(recorded);
}

async function recordRefusal(
  chain: Chain,
  context: AuditContext,
  error: unknown,
  reports: readonly ArrowReport[],
): Promise<void> {
  const code = findCloisterError(error)?.code;
  if (code === undefined || code === 'ERR_RUNTIME_AUDIT_UNAVAILABLE') return;
  const stage = STAGES[reports.at(-1)?.arrow ?? 'evidence'];
  // The request is refused either way, so a log that fails now must not hide why.
  await recordEvent(chain.audit, { type: 'security.refused', outcome: 'deny', ...context, stage, code }).catch(
    () => {},
  );
}
