import type { AuditLabels, ErrorCode } from '@cloister/core';
import type { OwnSpanAttributes } from './own-attributes.ts';

/** The spans that there are: a question as a whole, and its arrows. */
export type OwnSpanName = 'ask' | 'evidence' | 'retrieval' | 'redaction' | 'prompt' | 'session' | 'chat' | 'audit';

/** A span that has begun. */
export interface OwnSpan {
  /** Adds what is on the list; anything else is left out. */
  set(attributes: OwnSpanAttributes): void;
  /** Ends it. @param error the code when it failed; texts of errors have no place */
  end(error?: ErrorCode): void;
}

/** Where spans go, if anywhere. It never throws: what watches the work must not stop it. */
export interface SpanSink {
  /** Makes names that the operator chose known, as in `AuditSink`. */
  register(labels: AuditLabels): void;
  /** Begins a span, below `parent` or, without one, below whatever is active. */
  start(name: OwnSpanName, attributes: OwnSpanAttributes, parent?: OwnSpan): OwnSpan;
}
