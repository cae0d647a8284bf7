import type { Padding, PieceSource } from '@cloister/channel';
import type { ReceiptScope, ReceiptUsage } from '@cloister/audit';
import type { StreamShape } from './shape/stream-shape.ts';
import type { HeaderFields } from './sealed/parse-sealed-headers.ts';

/** What a receipt says about an answer beyond its bytes. Filled in while the request is served. */
export interface AnswerNotes {
  /** ms since the epoch. */
  readonly startedAt: number;
  /** Digest of the request's transcript; absent when the content was refused before its end: then there is no receipt. */
  requestDigest?: Uint8Array;
  /** A path of the wire policy; absent for every other one. */
  route?: string;
  model?: string;
  scope?: ReceiptScope;
  usage?: ReceiptUsage;
}

/** An answer before it is sealed. */
export interface Answer {
  readonly status: number;
  readonly headers: HeaderFields;
  /** Whole, or as it comes. */
  readonly body: Uint8Array | PieceSource;
  /** Zero bytes after it, so that its length says less; none unless given. */
  readonly padding?: Padding;
  /** Called once when the body has ended, well or not. */
  readonly onEnd?: () => void;
  /** How its pieces leave, when it is an event stream; as they come without it. */
  readonly shape?: StreamShape;
}

/** The fields that every answer carries. */
export function answerHeaders(contentType: string, requestId: string): HeaderFields {
  return [
    ['content-type', contentType],
    ['cache-control', 'no-store'],
    ['cloister-request-id', requestId],
  ];
}
