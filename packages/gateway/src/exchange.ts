import type { OpenedRequest } from '@cloister/channel';
import type { IncrementalHash } from '@cloister/core';
import type { AnswerNotes } from './answer.ts';
import type { Caller } from './sealed/authenticate.ts';

/** An authenticated request on its way to the engine. */
export interface Exchange {
  readonly opened: OpenedRequest;
  readonly caller: Caller;
  /** The running transcript of the request, fed with its content. */
  readonly transcript: IncrementalHash;
  readonly notes: AnswerNotes;
  /** Ends when the caller goes away. */
  readonly signal: AbortSignal;
}
