import type { AnswerReceipt } from '@cloister/client';
import type { AuditProof, AuditRecord, Classification, Restored } from '@cloister/core';
import type { AssembledPrompt } from '@cloister/prompt';
import type { RetrievedChunk } from '@cloister/retriever';
import type { ArrowReport } from './arrow.ts';
import type { Usage } from './chat-completion.ts';
import type { RuntimeSession } from './session.ts';

/** Watches a question on its way. What it sees stays in this process; it must not throw. */
export interface AskObserver {
  /** Each arrow as it is done. */
  readonly arrow?: (report: ArrowReport) => void;
  /** The opened chunks, in clear. */
  readonly retrieved?: (chunks: readonly RetrievedChunk[]) => void;
  /** The prompt exactly as the enclave will see it, masked. */
  readonly prompt?: (prompt: AssembledPrompt) => void;
}

/** How one question is asked. */
export interface AskOptions {
  /** The conversation; without one the question gets a session of its own that ends with the answer. */
  readonly session?: RuntimeSession;
  /** Stops the work; a prompt that has not left does not leave. */
  readonly signal?: AbortSignal;
  /** The class of the question itself. Default: the caller's clearance. */
  readonly label?: Classification;
  /** Chunks to retrieve. Default 6. */
  readonly limit?: number;
  readonly observer?: AskObserver;
}

/** A source that the answer names, by the number that stands in the text. */
export interface Citation {
  readonly number: number;
  readonly document: string;
  readonly chunk: number;
}

/** How much a source looks like instructions to the model. */
export interface InjectionSignal {
  readonly document: string;
  readonly chunk: number;
  /** 0 to 1; `undefined` when the classifier failed. */
  readonly score: number | undefined;
}

/** A finished answer. */
export interface AnswerResult {
  /** The whole restored text. */
  readonly text: Restored;
  readonly citations: readonly Citation[];
  /** Numbers in the answer that name no source: the model made them up. */
  readonly unknownCitations: readonly number[];
  /** Values by type that the model wrote out and no token stands for: it made them up. */
  readonly invented: Readonly<Record<string, number>>;
  /** Links and images to hosts outside the policy's list that were taken out of the text. */
  readonly removedLinks: number;
  /** What the classifier says of each source; empty without one. A signal: nothing was left out for it. */
  readonly injection: readonly InjectionSignal[];
  /** The enclave's signed receipt, verified against the whole exchange, with its opening. */
  readonly receipt: AnswerReceipt;
  readonly usage: Usage | undefined;
  /** Where the log holds the end of this inference, with the receipt's digest. */
  readonly recorded: AuditRecord;
  /**
   * The proof of that, which anybody verifies offline: the event and its `.tlog-proof` file. Resolves after the next
   * checkpoint, which it asks for.
   * @throws CloisterError `ERR_RUNTIME_PROOF_UNAVAILABLE` when the audit sink makes no proofs
   */
  proof(): Promise<AuditProof>;
  readonly prompt: AssembledPrompt;
  /** Every arrow: what it checked and what it cost. */
  readonly report: readonly ArrowReport[];
}
