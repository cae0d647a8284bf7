import type { VerifiedBytes } from '@cloister/models';
import { disableTelemetry } from '@cloister/models';
import type * as Library from '@huggingface/transformers';
import { retrieverError } from '../errors.ts';
import { createSerial } from '../serial.ts';

/** The library, as far as this package knows it. */
export type Transformers = typeof Library;

/** The library's settings are global to the process: one model is loaded at a time, and they are put back afterwards. */
const loading = createSerial();

/**
 * Runs a loader of transformers.js that is given nothing but verified bytes. It may look into a cache, which answers with
 * these files alone, and is refused everything else: local files, the model hub, its own cache. A file that is not pinned
 * is thus missing, never fetched.
 * @param id what the model is called towards the library
 * @param files by name, as the library asks for them, such as `onnx/model.onnx`
 * @throws CloisterError `ERR_RETRIEVER_LIBRARY` when it is not installed; what the loader throws
 */
export async function loadVerified<Loaded>(
  id: string,
  files: ReadonlyMap<string, VerifiedBytes>,
  load: (library: Transformers) => Promise<Loaded>,
): Promise<Loaded> {
  return loading.run(async () => {
    const library = await importLibrary();
    const { env } = library;
    const before = { ...env };
    // Two names for each file: the library first asks for where a local file would be, then for the hub's address.
    const nameOf = (key: string): string | undefined =>
      [...files.keys()].find((name) => key.endsWith(`/${id}/${name}`) || key.endsWith(`/${id}/resolve/main/${name}`));
    Object.assign(env, {
      // Were local ones allowed, a cache that refuses would only make the library look for the file by itself.
      allowLocalModels: false,
      allowRemoteModels: true,
      useFSCache: false,
      useBrowserCache: false,
      useWasmCache: false,
      useCustomCache: true,
      customCache: {
        async match(key: string) {
          const bytes = files.get(nameOf(key) ?? '');
          return bytes && new Response(new Uint8Array(bytes), { headers: { 'content-length': String(bytes.length) } });
        },
        put: refuse,
      },
      fetch: refuse,
    });
    try {
      return await load(library);
    } finally {
      Object.assign(env, before);
    }
  });
}

async function refuse(): Promise<never> {
  throw retrieverError('ERR_RETRIEVER_EMBEDDER');
}

async function importLibrary(): Promise<Transformers> {
  // The library loads the ONNX runtime, which sends telemetry unless it is told not to before.
  disableTelemetry();
  try {
    return await import('@huggingface/transformers');
  } catch {
    throw retrieverError('ERR_RETRIEVER_LIBRARY', { subject: '@huggingface/transformers' });
  }
}
