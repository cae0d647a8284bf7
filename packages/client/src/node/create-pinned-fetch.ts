import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { equalBytes } from '@cloister/core';
import { clientError } from '../errors.ts';
import { parseAddress, parseRequest } from '../parse-request.ts';

/** What a pinned fetch trusts. */
export interface PinnedFetchOptions {
  /** Authorities, PEM; the system's unless said. The usual checks of name, chain and dates stay in force. */
  readonly ca?: string;
}

const MAX_BODY = 256 * 1024 * 1024;

/**
 * A fetch over TLS for `attest`: before the first byte is sent, each connection must show a certificate whose key is the
 * attested one, besides the usual checks. It follows no redirect and uses no proxy. Browsers do not show certificates to
 * pages, so there it cannot be.
 * @param spkiSha256 SHA-256 of the SubjectPublicKeyInfo, 32 bytes
 * @throws from the fetch: ERR_CLIENT_TLS_KEY_WRONG, as its own error or as the cause
 */
export function createPinnedFetch(spkiSha256: Uint8Array, options: PinnedFetchOptions = {}): typeof globalThis.fetch {
  const agent = new Agent({
    keepAlive: true,
    ...options,
    checkServerIdentity: (host, certificate) =>
      checkServerIdentity(host, certificate) ?? checkKey(certificate, spkiSha256),
  });
  return async (input, init) => {
    const { method, headers, body, signal } = await parseRequest(input, init, MAX_BODY);
    signal?.throwIfAborted();
    const sent = request(parseAddress(input), {
      agent,
      method,
      headers: Object.fromEntries(headers),
      ...(signal === undefined ? {} : { signal }),
    });
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    return toResponse(answer);
  };
}

function checkKey({ raw }: PeerCertificate, expected: Uint8Array): Error | undefined {
  const spki = new X509Certificate(raw).publicKey.export({ type: 'spki', format: 'der' });
  const isOwn = equalBytes(createHash('sha256').update(spki).digest(), expected);
  return isOwn ? undefined : clientError('ERR_CLIENT_TLS_KEY_WRONG');
}

function toResponse(answer: IncomingMessage): Response {
  const { statusCode: status = 0, headers } = answer;
  const fields = Object.entries(headers).map(([name, value = '']): [string, string] => [name, String(value)]);
  const isEmpty = status === 204 || status === 304;
  if (isEmpty) answer.resume();
  const body = Readable.toWeb(answer) as NodeStream<Uint8Array> as ReadableStream<Uint8Array>;
  return new Response(isEmpty ? null : body, { status, headers: fields });
}
