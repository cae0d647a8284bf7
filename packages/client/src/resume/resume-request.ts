import type { PlainRequest } from '../parse-request.ts';

/** Where a gateway gives the rest of an answer, inside the seal. */
const RESUME_PATH = '/.well-known/cloister/answer';
/** Who asked, and from which place in the cache: an answer is given to nobody else. */
const KEPT = ['authorization', 'cloister-cache-salt', 'cloister-cache-scope', 'cloister-cache-group'];

/** Which answer is meant. */
export interface ResumePlace {
  readonly requestId: string;
  /** Sealed bytes that have arrived. */
  readonly offset?: number;
  readonly signal?: AbortSignal | undefined;
}

/** The request for the rest of an answer (POST), or that nobody wants it (DELETE). */
export function createResumeRequest(
  method: 'POST' | 'DELETE',
  { url, headers }: PlainRequest,
  { requestId, offset = 0, signal }: ResumePlace,
): PlainRequest {
  const kept = new Headers([...headers].filter(([name]) => KEPT.includes(name)));
  kept.set('cloister-resume-id', requestId);
  kept.set('cloister-resume-from', String(offset));
  return { method, url: new URL(RESUME_PATH, url), headers: kept, body: new Uint8Array(0), signal };
}

/**
 * The sealed bytes in a gateway's answer.
 * @returns `undefined` when the gateway says that it does not keep them
 * @throws TypeError for anything else, which another try may mend
 */
export async function restOf(response: Response): Promise<ReadableStream<Uint8Array> | undefined> {
  const { status, body } = response;
  if (status === 200 && response.headers.get('content-type') === 'message/ohttp-chunked-res' && body !== null)
    return body;
  await body?.cancel();
  if (status === 404) return undefined;
  throw new TypeError('not the rest of an answer');
}
