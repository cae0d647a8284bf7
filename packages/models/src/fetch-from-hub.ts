import { modelsError } from './errors.ts';
import type { ModelFile } from './manifest.ts';
import type { ProgressListener } from './progress.ts';

const HUB_ORIGIN = 'https://huggingface.co';

/** How long the hub may take to begin its answer, ms. Where it cannot be reached it fails in tens of milliseconds. */
const ANSWER_MILLISECONDS = 5000;

/** How a source is read. */
export interface SourceOptions {
  readonly onProgress: ProgressListener;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A file from the model hub, or `undefined` when the hub has none or cannot be reached. Nothing here is trusted: the
 * caller compares the bytes with the pin.
 * @throws CloisterError `ERR_MODELS_FILE_TOO_LARGE`
 */
export async function fetchFromHub(file: ModelFile, options: SourceOptions): Promise<Uint8Array | undefined> {
  if (file.hub === undefined) return undefined;
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), ANSWER_MILLISECONDS);
  const signal = options.signal ? AbortSignal.any([options.signal, deadline.signal]) : deadline.signal;
  const response = await fetch(`${HUB_ORIGIN}/${file.hub}`, { signal }).catch(() => undefined);
  clearTimeout(timer);
  options.signal?.throwIfAborted();
  if (response?.ok !== true || response.body === null) return undefined;
  return readBounded(file, response.body, options.onProgress);
}

async function readBounded(
  file: ModelFile,
  body: ReadableStream<Uint8Array>,
  onProgress: ProgressListener,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(file.bytes);
  let received = 0;
  for await (const part of body) {
    if (received + part.length > bytes.length) throw modelsError('ERR_MODELS_FILE_TOO_LARGE', { subject: file.name });
    bytes.set(part, received);
    received += part.length;
    onProgress({ file: file.name, source: 'hub', receivedBytes: received, totalBytes: file.bytes });
  }
  return bytes.subarray(0, received);
}
