import { AEAD, sealRequest } from '@cloister/channel';
import type { Pieces, PieceSource, RequestHead, SealedRequest } from '@cloister/channel';
import { findCloisterError } from '@cloister/core';
import type { ResolvedOptions } from './attest-options.ts';
import type { Attested } from './attestor.ts';
import type { SealedAnswer, Transport } from './transport/types.ts';
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
  readonly answer: Pieces;
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
 * Seals a request and sends it, whole.
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
  const sealed = await sealRequest(attested.config, { head, body }, { padding });
  const limit = 2 * options.maxRequestBytes + 1_048_576;
  const bytes = await readBounded(sealed.pieces, limit, () => clientError('ERR_CLIENT_REQUEST_TOO_LARGE'));
  options.onTrace({ step: 'seal', milliseconds: options.monotonic() - started, bytes: bytes.length });
  const url = `${options.carrier}${SEALED_PATH}?keyset=${attested.digests.keyset}`;
  const answer = await post(attested.transport, url, bytes, signal);
  await assertSealed(answer);
  // Key id, KEM, KDF, AEAD (RFC 9458 section 4.3): the nonce is as long as the AEAD's key.
  const nonceBytes = bytes[6] === AEAD.aes128Gcm ? 16 : 32;
  return { sealed, answer: answer.pieces, nonceBytes };
}

async function post(...[transport, ...what]: [Transport, ...Parameters<Transport>]): Promise<SealedAnswer> {
  try {
    return await transport(...what);
  } catch (error) {
    throw findCloisterError(error) ?? clientError('ERR_CLIENT_UNREACHABLE', { cause: error });
  }
}

/** Anything but a sealed answer becomes an error; none of its text is passed on. */
async function assertSealed(answer: SealedAnswer): Promise<void> {
  const { status, contentType, isRedirect, pieces } = answer;
  if (status === 200 && contentType === 'message/ohttp-chunked-res') return;
  const code = isRedirect ? 'ERR_CLIENT_REDIRECTED' : await refusalCode(answer);
  void pieces.cancel();
  throw clientError(code, { detail: { status } });
}

type RefusalCode = 'ERR_CLIENT_KEYSET_UNKNOWN' | 'ERR_CLIENT_REFUSED' | 'ERR_CLIENT_PLAINTEXT_ANSWER';

async function refusalCode({ status, contentType, pieces }: SealedAnswer): Promise<RefusalCode> {
  if (status !== 400) return 'ERR_CLIENT_PLAINTEXT_ANSWER';
  if (contentType === null) return 'ERR_CLIENT_REFUSED';
  return contentType === 'application/problem+json' && (await isKeyProblem(pieces))
    ? 'ERR_CLIENT_KEYSET_UNKNOWN'
    : 'ERR_CLIENT_PLAINTEXT_ANSWER';
}

async function isKeyProblem(pieces: PieceSource): Promise<boolean> {
  try {
    const text = await readBounded(pieces, MAX_PROBLEM, () => new RangeError());
    const problem: unknown = JSON.parse(new TextDecoder().decode(text));
    return typeof problem === 'object' && problem !== null && 'type' in problem && problem.type === KEY_PROBLEM;
  } catch {
    return false;
  }
}
