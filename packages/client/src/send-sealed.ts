import { AEAD, sealRequest } from '@cloister/channel';
import type { RequestHead, SealedRequest } from '@cloister/channel';
import { findCloisterError, toHex } from '@cloister/core';
import type { ResolvedOptions } from './attest-options.ts';
import type { Attested } from './attestor.ts';
import { clientError } from './errors.ts';
import { readBounded } from './read-bounded.ts';

/** Where a gateway takes sealed requests (RFC 9540 section 3). */
const SEALED_PATH = '/.well-known/ohttp-gateway';
/** RFC 9458 section 6.2: the key is not known. */
const KEY_PROBLEM = 'https://iana.org/assignments/http-problem-types#ohttp-key';
const MAX_PROBLEM = 4096;

/** A sealed request that was answered with a sealed answer, still unopened. */
export interface SealedExchange {
  readonly sealed: SealedRequest;
  readonly answer: ReadableStream<Uint8Array>;
  /** Length of the response nonce in front of the answer's chunks (RFC 9458 section 4.4). */
  readonly nonceBytes: number;
}

/** What is sent. */
export interface SendOptions {
  readonly head: RequestHead;
  readonly body: Uint8Array;
  readonly signal: AbortSignal | undefined;
}

/**
 * Seals a request and sends it. The body goes out in one piece: streams as request bodies do not work in every browser,
 * and an early refusal would get lost.
 * @throws ERR_CLIENT_UNREACHABLE, ERR_CLIENT_REFUSED, ERR_CLIENT_KEYSET_UNKNOWN, ERR_CLIENT_REDIRECTED,
 *   ERR_CLIENT_PLAINTEXT_ANSWER
 */
export async function sendSealed(
  options: ResolvedOptions,
  attested: Attested,
  { head, body, signal }: SendOptions,
): Promise<SealedExchange> {
  const started = options.monotonic();
  const isShaped = head.headers.some(([name, value]) => name === 'cloister-stream-shape' && value !== 'off');
  const padding = isShaped ? 'buckets' : 0;
  const sealed = await sealRequest(attested.config, body.length === 0 ? { head } : { head, body }, { padding });
  const limit = 2 * options.maxRequestBytes + 1_048_576;
  const bytes = await readBounded(sealed.body, limit, () => clientError('ERR_CLIENT_REQUEST_TOO_LARGE'));
  options.onTrace({ step: 'seal', milliseconds: options.monotonic() - started, bytes: bytes.length });
  const url = `${options.carrier}${SEALED_PATH}?keyset=${toHex(attested.identity.keysetDigest)}`;
  const response = await post(attested.fetch, url, bytes, signal);
  // Key id, KEM, KDF, AEAD (RFC 9458 section 4.3): the nonce is as long as the AEAD's key.
  const nonceBytes = bytes[6] === AEAD.aes128Gcm ? 16 : 32;
  return { sealed, answer: await sealedBody(response), nonceBytes };
}

async function post(
  fetch: typeof globalThis.fetch,
  url: string,
  bytes: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'message/ohttp-chunked-req' },
      body: bytes as Uint8Array<ArrayBuffer>,
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    const known = findCloisterError(error);
    throw known ?? clientError('ERR_CLIENT_UNREACHABLE', { cause: error });
  }
}

/** The body of a sealed answer. Anything else becomes an error; none of its text is passed on. */
async function sealedBody(response: Response): Promise<ReadableStream<Uint8Array>> {
  const type = response.headers.get('content-type');
  if (response.status === 200 && type === 'message/ohttp-chunked-res' && response.body !== null) return response.body;
  const { status } = response;
  const code =
    response.type === 'opaqueredirect' || (status >= 300 && status < 400)
      ? 'ERR_CLIENT_REDIRECTED'
      : await refusalCode(response);
  response.body?.cancel().catch(() => undefined);
  throw clientError(code, { detail: { status } });
}

type RefusalCode = 'ERR_CLIENT_KEYSET_UNKNOWN' | 'ERR_CLIENT_REFUSED' | 'ERR_CLIENT_PLAINTEXT_ANSWER';

async function refusalCode(response: Response): Promise<RefusalCode> {
  if (response.status !== 400) return 'ERR_CLIENT_PLAINTEXT_ANSWER';
  const type = response.headers.get('content-type');
  if (type === null) return 'ERR_CLIENT_REFUSED';
  return type === 'application/problem+json' && (await isKeyProblem(response))
    ? 'ERR_CLIENT_KEYSET_UNKNOWN'
    : 'ERR_CLIENT_PLAINTEXT_ANSWER';
}

async function isKeyProblem(response: Response): Promise<boolean> {
  try {
    const text =
      response.body === null
        ? new Uint8Array(0)
        : await readBounded(response.body, MAX_PROBLEM, () => new RangeError());
    const problem: unknown = JSON.parse(new TextDecoder().decode(text));
    return typeof problem === 'object' && problem !== null && 'type' in problem && problem.type === KEY_PROBLEM;
  } catch {
    return false;
  }
}
