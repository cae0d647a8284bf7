import { concat, parseJson, utf8 } from '@cloister/core';
import type { Tokenizer } from '@cloister/core';
import { approximateTokenizer } from '../approximate-tokenizer.ts';
import { checkOptions, isWithin } from '../check-options.ts';
import { retrieverError } from '../errors.ts';
import type { RetrieverEmbedder } from '../hashing-embedder.ts';
import { parseEmbeddings } from './parse-embeddings.ts';

/** Where embeddings come from. */
export interface OpenaiEmbedderOptions {
  /** Carries the texts: `enclave.fetch`, whose requests are sealed to what was attested. */
  readonly fetch: typeof fetch;
  /** Up to `/v1`: `enclave.baseURL`. */
  readonly baseURL: string;
  /** The tenant's cache salt, asked for before every request: without it tenants would share the engine's prefix cache. */
  readonly salt: () => string | Promise<string>;
  /** The served model and the length of its vectors. */
  readonly model: string;
  readonly dimensions: number;
  readonly apiKey?: string;
  /** Tells revisions of a model apart: a change of it makes documents new. */
  readonly revision?: string;
  /** Counts tokens when documents are cut; an approximation unless given. */
  readonly tokenizer?: Tokenizer;
  /** Texts of one request, 1 to 1,024; 64 unless said. */
  readonly batch?: number;
}

/**
 * An embedder behind an OpenAI-compatible endpoint, such as a vLLM with `--runner pooling`, over the sealed channel. An
 * engine may round the last bits of a vector differently from batch to batch; a text is embedded once and its vector kept.
 * @throws CloisterError `ERR_RETRIEVER_OPTIONS`; `embed` throws `ERR_RETRIEVER_EMBEDDER` with the status in `detail`, what
 *   `fetch` and `salt` throw, and the signal's reason
 */
export function openaiEmbedder(options: OpenaiEmbedderOptions): RetrieverEmbedder {
  const { model, dimensions, revision = '', tokenizer = approximateTokenizer, batch = 64 } = options;
  checkOptions([
    !URL.canParse(options.baseURL) && 'baseURL',
    model === '' && 'model',
    !isWithin(dimensions, 1, 8192) && 'dimensions',
    !isWithin(batch, 1, 1024) && 'batch',
  ]);
  return {
    id: `openai-${model}-${revision}-${dimensions}`,
    dimensions,
    async embed(texts, { signal } = {}) {
      const vectors: Float32Array[] = [];
      for (let start = 0; start < texts.length; start += batch) {
        vectors.push(...(await requestBatch(options, texts.slice(start, start + batch), signal)));
      }
      return vectors;
    },
    tokenizer: async () => tokenizer,
    dispose: async () => {},
  };
}

async function requestBatch(
  { fetch, baseURL, salt, model, dimensions, apiKey }: OpenaiEmbedderOptions,
  texts: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly Float32Array[]> {
  signal?.throwIfAborted();
  const body = {
    model,
    // An engine refuses an empty text.
    input: texts.map((text) => (text === '' ? ' ' : text)),
    encoding_format: 'base64',
    cache_salt: await salt(),
  };
  const response = await fetch(`${baseURL.replace(/\/+$/, '')}/embeddings`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    },
    body: utf8(JSON.stringify(body)).slice(),
    ...(signal === undefined ? {} : { signal }),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw retrieverError('ERR_RETRIEVER_EMBEDDER', { detail: { status: response.status } });
  }
  // As base64 a vector takes 16 / 3 bytes for each component; as numbers about 12.
  const bytes = await readBody(response, 65_536 + texts.length * (dimensions * 32 + 1024));
  return parseEmbeddings(parse(bytes), texts.length, dimensions);
}

/** The body, as long as it is not longer than an answer can be. */
async function readBody(response: Response, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > most) throw retrieverError('ERR_RETRIEVER_EMBEDDER', { detail: { limit: most } });
    chunks.push(chunk);
  }
  return concat(...chunks);
}

function parse(bytes: Uint8Array): unknown {
  try {
    return parseJson(bytes, { maxBytes: bytes.length });
  } catch {
    throw retrieverError('ERR_RETRIEVER_EMBEDDER');
  }
}
