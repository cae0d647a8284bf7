import type { Restored } from '@cloister/core';
import { createRedactor, type RedactorOptions, type RestoredJson } from '@cloister/redaction';
import type { IngestDocument, IngestOptions, IngestReceipt } from '@cloister/retriever';
import type { CacheScope, Turn } from '@cloister/session';
import { createAnswer, type Answer } from './answer.ts';
import type { AnswerResult, AskOptions } from './ask-options.ts';
import { ask } from './ask.ts';
import type { Chain } from './chain.ts';
import { ingest } from './ingest.ts';
import { type AgentNote, keepNote, readNotes } from './notes.ts';
import { createReferences, PSEUDONYM_EPOCH } from './references.ts';
import { openRuntimeSession } from './open-session.ts';
import { restoreArguments, type ToolRecipient } from './restore-arguments.ts';
import type { RuntimeSession } from './session.ts';

/** What only the tenant can say about its data. */
export interface TenantOptions {
  /** Names and patterns of the tenant's own: patients, staff, record numbers. */
  readonly redaction?: Pick<RedactorOptions, 'names' | 'patterns'>;
}

/** One tenant's data as one principal sees it: a capability, not a filter. */
export interface RuntimeTenant {
  /** Seals and stores documents; unchanged ones are skipped, changed ones replaced. */
  ingest(documents: readonly IngestDocument[], options?: IngestOptions): Promise<IngestReceipt>;
  /**
   * Opens a conversation. Default scope: `session`.
   * @param options.resume the `memory` of an earlier session of the same principal, which is then remembered
   */
  session(options?: { readonly scope?: CacheScope; readonly resume?: string }): Promise<RuntimeSession>;
  /** Asks a question. Nothing happens until the answer is read. */
  ask(question: string, options?: AskOptions): Answer<AnswerResult, Restored>;
  /** Keeps the result of a tool, or a scratch note, sealed in the session's memory. */
  note(session: RuntimeSession, note: AgentNote): Promise<void>;
  /** The notes of a session that the caller may see, oldest first. */
  notes(session: RuntimeSession): readonly (Turn & AgentNote)[];
  /** The arguments of a tool call, JSON with tokens of this session, for a tool of this clearance. */
  restoreArguments(session: RuntimeSession, json: string, tool: ToolRecipient): RestoredJson;
}

/** Binds the parts to a tenant. */
export async function createRuntimeTenant(
  parts: Omit<Chain, 'redactor' | 'references'>,
  options: TenantOptions & { readonly pseudonymEpoch?: number | undefined },
): Promise<RuntimeTenant> {
  const chain: Chain = {
    ...parts,
    redactor: createRedactor(options.redaction ?? {}),
    references: createReferences(parts.tenant, { period: options.pseudonymEpoch ?? PSEUDONYM_EPOCH }),
  };
  return {
    ingest: (documents, ingestOptions = {}) => ingest(chain, documents, ingestOptions),
    session: ({ scope = 'session', resume } = {}) => openRuntimeSession(chain, scope, resume),
    ask: (question, askOptions = {}) => createAnswer(askInSession(chain, question, askOptions)),
    note: (session, note) => keepNote(chain, session, note),
    notes: (session) => readNotes(chain, session),
    restoreArguments: (session, json, tool) => restoreArguments(chain, session, json, tool),
  };
}

/** A question without a session gets one of its own, which ends with the answer. */
async function* askInSession(
  chain: Chain,
  question: string,
  options: AskOptions,
): AsyncGenerator<Restored, AnswerResult, undefined> {
  if (options.session) return yield* ask(chain, question, options.session, options);
  const session = await openRuntimeSession(chain, 'request');
  try {
    return yield* ask(chain, question, session, options);
  } finally {
    await session.end();
  }
}
