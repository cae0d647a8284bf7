import { bigEndian, createSha256, lengthPrefixed } from '@cloister/core';
import type { IncrementalHash } from '@cloister/core';

/** What a transcript needs of a request: its control data and its fields, names in lower case. */
export interface TranscriptRequestHead {
  readonly method: string;
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** What a transcript needs of a response. */
export interface TranscriptResponseHead {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/**
 * A running hash over one message that does not depend on how it was framed or chunked (DESIGN 6.7): control data, then
 * the fields, then the content as it is fed. A request begins with LP(method) LP(scheme) LP(authority) LP(path), a
 * response with LP(u16 status); both go on with LP(u32 field count) and LP(name) LP(value) per field.
 * @throws RangeError when the status is not a 16-bit integer
 */
export function createTranscript(head: TranscriptRequestHead | TranscriptResponseHead): IncrementalHash {
  const hash = createSha256();
  const start = 'status' in head ? [bigEndian(head.status, 2)] : [head.method, head.scheme, head.authority, head.path];
  hash.update(lengthPrefixed(...start, bigEndian(head.headers.length, 4), ...head.headers.flat()));
  return hash;
}
