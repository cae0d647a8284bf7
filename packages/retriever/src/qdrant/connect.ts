import { QdrantClient } from '@qdrant/js-client-rest';
import { retrieverError } from '../errors.ts';
import type { ResolvedQdrantOptions } from './qdrant-options.ts';
import { watchRetryAfter } from './retry-after.ts';

/** The methods of the client that this store uses; the others stay out of reach. */
export type QdrantCalls = Pick<
  QdrantClient,
  | 'versionInfo'
  | 'collectionExists'
  | 'createCollection'
  | 'getCollection'
  | 'createPayloadIndex'
  | 'upsert'
  | 'scroll'
  | 'delete'
  | 'query'
>;

/** A connection on which every call is tried again while the server puts it off. */
export interface QdrantConnection {
  /**
   * @throws CloisterError `ERR_RETRIEVER_STORE_FAILED` with the status in `detail`: what the server says is not passed
   *   on, because it may repeat what it was sent
   */
  call<Result>(work: (calls: QdrantCalls) => Promise<Result>): Promise<Result>;
  /**
   * Asks whether the server has loaded its shards, again and again for a few seconds: before it has, it answers as if
   * there was less than there is. The key is not sent.
   * @throws CloisterError `ERR_RETRIEVER_STORE_FAILED`
   */
  waitUntilReady(): Promise<void>;
  close(): void;
}

const ATTEMPTS = 6;
/** A server that wants a longer pause than this is not waited for. */
const LONGEST_PAUSE = 60_000;

/** Prepares a client; nothing is sent yet. */
export function connect(options: ResolvedQdrantOptions): QdrantConnection {
  const { origin, apiKey, timeout } = options;
  const https = origin.protocol === 'https:';
  const client: QdrantCalls = new QdrantClient({
    host: origin.hostname,
    port: origin.port === '' ? (https ? 443 : 80) : Number(origin.port),
    https,
    prefix: origin.pathname.replace(/\/+$/, ''),
    timeout,
    // It would send the key unasked, wait for nobody and warn on the console.
    checkCompatibility: false,
    ...(apiKey === undefined ? {} : { headers: { 'api-key': apiKey } }),
  });
  const retryAfter = watchRetryAfter(origin.origin);
  const readiness = `${origin.href.replace(/\/+$/, '')}/readyz`;
  return {
    async call(work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await work(client);
        } catch (error) {
          const status = statusOf(error);
          const pause = retryAfter.milliseconds() ?? 200 * 2 ** attempt;
          if (status !== 429 || attempt === ATTEMPTS || pause > LONGEST_PAUSE) throw failure(status);
          await options.pause(pause);
        }
      }
    },
    async waitUntilReady() {
      for (let attempt = 1; ; attempt++) {
        const status = await statusAt(readiness, timeout);
        if (status === 200) return;
        if (status === 0 || attempt === ATTEMPTS) throw failure(status);
        await options.pause(200 * 2 ** attempt);
      }
    },
    close: () => retryAfter.stop(),
  };
}

/** The status of an answer; 0 when there was none. */
async function statusAt(url: string, timeout: number): Promise<number> {
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeout) });
    await response.body?.cancel();
    return response.status;
  } catch {
    return 0;
  }
}

function failure(status: number): Error {
  return retrieverError('ERR_RETRIEVER_STORE_FAILED', { detail: { status } });
}

/** The HTTP status of a failed call; 0 when there was no answer. */
function statusOf(error: unknown): number {
  const { name, status } = error as { readonly name?: unknown; readonly status?: unknown };
  if (name === 'QdrantClientResourceExhaustedError') return 429;
  return typeof status === 'number' ? status : 0;
}
