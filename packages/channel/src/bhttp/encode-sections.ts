import { platform } from '#platform';
import { channelError } from '../errors.ts';
import { isFieldName, isFieldValue, isFinalStatus, isInformational, isRequestControl } from './rules.ts';
import type { FieldLines, Framing, RequestHead, ResponseHead } from './types.ts';
import { encodeVarint } from './varint.ts';

/** What starts a message: the head, and for a response the informational ones before it. */
export interface MessageStart {
  readonly head: RequestHead | ResponseHead;
  readonly informational?: readonly ResponseHead[];
}

/** Most are lengths of one byte. */
const integer = (value: number): string =>
  value < 64 ? String.fromCharCode(value) : platform.toByteString(encodeVarint(value));

const prefixed = (text: string): string => integer(text.length) + text;

const invalid = (subject: string): Error => channelError('ERR_CHANNEL_INVALID_ARGUMENT', { subject });

function fieldLines(fields: FieldLines): string {
  let text = '';
  for (const [name, value] of fields) {
    if (!isFieldName(name)) throw invalid('header name');
    if (!isFieldValue(value)) throw invalid('header value');
    text += prefixed(name) + prefixed(value);
  }
  return text;
}

function section(fields: FieldLines, framing: Framing): string {
  const lines = fieldLines(fields);
  return framing === 'known-length' ? prefixed(lines) : `${lines}\0`;
}

function responseText({ status, headers }: ResponseHead, framing: Framing): string {
  return integer(status) + section(headers, framing);
}

function requestText(head: RequestHead, framing: Framing): string {
  if (!isRequestControl(head)) throw invalid('request');
  const control = prefixed(head.method) + prefixed(head.scheme) + prefixed(head.authority) + prefixed(head.path);
  return control + section(head.headers, framing);
}

/**
 * Framing indicator, control data and header section (RFC 9292 sections 3.3 to 3.6).
 * @throws ERR_CHANNEL_INVALID_ARGUMENT for a status, name, value or target that HTTP does not allow
 */
export function encodeStart({ head, informational = [] }: MessageStart, framing: Framing): Uint8Array {
  const isRequest = 'method' in head;
  if (isRequest ? informational.length > 0 : !isFinalStatus(head.status)) throw invalid('status');
  if (!informational.every(isInformational)) throw invalid('informational');
  const indicator = String.fromCharCode((isRequest ? 0 : 1) + (framing === 'known-length' ? 0 : 2));
  const before = informational.map((response) => responseText(response, framing)).join('');
  return platform.fromByteString(
    indicator + before + (isRequest ? requestText(head, framing) : responseText(head, framing)),
  );
}

/**
 * A trailer section (RFC 9292 section 3.6).
 * @throws ERR_CHANNEL_INVALID_ARGUMENT
 */
export function encodeTrailers(trailers: FieldLines, framing: Framing): Uint8Array {
  return platform.fromByteString(section(trailers, framing));
}
