import { collect } from './source.ts';
import type { SourceRequest } from './source.ts';

/** The model hub, as its own tools name it; they read another one from HF_ENDPOINT, and so does this package. */
export const MODEL_HUB = 'https://huggingface.co';

/** Longest time until the hub begins to answer, and for one file, in ms. */
const ANSWER_TIMEOUT = 5000;
const FILE_TIMEOUT = 10 * 60 * 1000;

/** What the hub answered: bytes that nobody has verified, `other` file there, or hub not `reachable`. */
export type HubAnswer = Uint8Array | 'other' | 'unreachable';

/** Fetches one file over HTTP, no further than its pinned size. Throws nothing but the signal's reason. */
export async function fetchFromHub(hub: string, request: SourceRequest<'hub'>): Promise<HubAnswer> {
  const { file, source, signal, onReceived } = request;
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(), ANSWER_TIMEOUT);
  const signals = [silent.signal, AbortSignal.timeout(FILE_TIMEOUT), ...(signal === undefined ? [] : [signal])];
  try {
    const response = await fetch(`${hub.replace(/\/+$/, '')}/${source.path}`, { signal: AbortSignal.any(signals) });
    clearTimeout(timer);
    const length = response.headers.get('content-length');
    const differs = length !== null && !response.headers.has('content-encoding') && Number(length) !== file.bytes;
    if (!response.ok || response.body === null || differs) {
      await response.body?.cancel();
      return 'other';
    }
    return (await collect(response.body, file.bytes, onReceived)) ?? 'other';
  } catch {
    signal?.throwIfAborted();
    return 'unreachable';
  } finally {
    clearTimeout(timer);
  }
}
