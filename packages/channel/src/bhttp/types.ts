/** Field lines in order: lower-case names, values as byte strings (every character at most U+00FF, as in Fetch). */
export type FieldLines = readonly (readonly [name: string, value: string])[];

/** Control data and header section of a request (RFC 9292 section 3.4). */
export interface RequestHead {
  /** Token of RFC 9110 section 9.1, case as sent. */
  readonly method: string;
  /** URI scheme, for example `https`. */
  readonly scheme: string;
  /** Host and port, or empty when a `host` header says it. */
  readonly authority: string;
  /** Path and query as in the request target. */
  readonly path: string;
  readonly headers: FieldLines;
}

/** Control data and header section of a response (RFC 9292 section 3.5). */
export interface ResponseHead {
  /** 200 to 599; 100 to 199 where an informational response is meant. */
  readonly status: number;
  readonly headers: FieldLines;
}

/** A whole message (RFC 9292 section 3): exactly one of `request` and `response` is there. */
export interface BinaryMessage {
  readonly request?: RequestHead;
  readonly response?: ResponseHead;
  /** Responses with status 1xx that came first; empty for a request. */
  readonly informational: readonly ResponseHead[];
  readonly content: Uint8Array;
  readonly trailers: FieldLines;
}

/** Whether sections carry their length (section 3.1) or end with a terminator (section 3.2). */
export type Framing = 'known-length' | 'indeterminate-length';
