import type { SpanSink } from '@cloister/audit';
import type { Enclave } from '@cloister/client';
import type { AuditSink, ChatTemplate, Ledger, PrincipalClaims, Tenant, Tokenizer } from '@cloister/core';
import type { InjectionClassifier, Trusted } from '@cloister/prompt';
import type { Redactor } from '@cloister/redaction';
import type { StreamDeadlines } from '@cloister/session';
import type { ClassRetriever } from './class-retriever.ts';
import type { MemorySettings } from './history.ts';
import type { RuntimePolicy } from './policy.ts';
import type { References } from './references.ts';

/** The model behind the enclave. */
export interface Inference {
  /** A verified enclave, from `attest()`. */
  readonly enclave: Enclave;
  /** Sent inside the seal only. */
  readonly apiKey: string;
  /** The model's name as the server lists it. */
  readonly model: string;
  /** Tokens of the model's window, prompt and answer together. */
  readonly contextTokens: number;
  /** Tokens kept free for the answer. */
  readonly answerTokens: number;
  /** How long an answer may take; see `StreamDeadlines` of `@cloister/session`. */
  readonly deadlines: Partial<StreamDeadlines>;
}

/** Everything one tenant handle works with: the parts, already bound to the tenant. */
export interface Chain {
  readonly inference: Inference;
  /** The enclave's fetch under the discipline of a session. */
  readonly fetch: typeof globalThis.fetch;
  readonly tenant: Tenant;
  /** The verified claims of the principal. */
  readonly claims: PrincipalClaims;
  readonly retriever: ClassRetriever;
  readonly collection: string;
  readonly redactor: Redactor;
  readonly tokenizer: Tokenizer;
  readonly template: ChatTemplate | undefined;
  readonly classifier: InjectionClassifier | undefined;
  readonly instructions: Trusted;
  readonly audit: AuditSink;
  readonly references: References;
  /** Where spans go, if anywhere. */
  readonly spans: SpanSink | undefined;
  readonly policy: RuntimePolicy;
  /** Where conversations are remembered, if anywhere. */
  readonly memory: MemorySettings | undefined;
  readonly ledger: Ledger | undefined;
}
