import type { RequestHead } from '@cloister/channel';
import { toHex } from '@cloister/core';
import type { EnclaveIdentity } from '@cloister/evidence';
import type { ResolvedOptions } from './attest-options.ts';
import type { PlainRequest } from './parse-request.ts';

/** Fields of the outer connection, which mean nothing inside the seal, and those that only this client sets. */
const DROPPED: ReadonlySet<string> = new Set([
  'accept-encoding',
  'cloister-evidence-digest',
  'cloister-policy-digest',
  'cloister-request-id',
  'connection',
  'content-length',
  'date',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What the client adds to a request. */
export interface InnerAdditions {
  /** ms since the epoch. */
  readonly now: number;
  /** Random name of the request; the same when it has to be sealed again. */
  readonly requestId: string;
  /** The salt of this enclave, used unless the caller sends one. */
  readonly cacheSalt: string;
  /** How the answer is to leave, unless the caller says. */
  readonly streamShape: ResolvedOptions['streamShape'];
  readonly identity: EnclaveIdentity;
  /** Whether the answer may be resumed. */
  readonly isResumable: boolean;
}

/** The sealed head of a request: what the caller wrote and what the gateway needs (DESIGN 6.2, 6.6). */
export function createInnerHead(request: PlainRequest, additions: InnerAdditions): RequestHead {
  const { url, headers } = request;
  const fields: [string, string][] = [...headers]
    .filter(([name]) => !DROPPED.has(name))
    .map(([name, value]) => [name, value]);
  fields.push(
    ['date', new Date(additions.now).toUTCString()],
    ['cloister-request-id', additions.requestId],
    ['cloister-evidence-digest', toHex(additions.identity.evidenceDigest)],
    ['cloister-policy-digest', toHex(additions.identity.policyDigest)],
  );
  if (!headers.has('cloister-cache-salt')) fields.push(['cloister-cache-salt', additions.cacheSalt]);
  if (additions.streamShape !== 'off' && !headers.has('cloister-stream-shape'))
    fields.push(['cloister-stream-shape', additions.streamShape]);
  if (!headers.has('cloister-cache-scope')) fields.push(['cloister-cache-scope', 'session']);
  if (additions.isResumable) fields.push(['cloister-resumable', '1']);
  return {
    method: request.method,
    scheme: url.protocol.slice(0, -1),
    authority: url.host,
    path: url.pathname + url.search,
    headers: fields,
  };
}
