import { lengthPrefixed, sha256, toHex } from '@cloister/core';
import type { Tokenizer } from '@cloister/core';
import { fetchModel } from '@cloister/models';
import type { FetchModelOptions, ModelManifest } from '@cloister/models';
import type { PreTrainedModel, PreTrainedTokenizer } from '@huggingface/transformers';
import { checkOptions, isWithin } from '../check-options.ts';
import { retrieverError } from '../errors.ts';
import { createModelEmbedder } from '../model-embedder.ts';
import type { ModelEmbedder } from '../model-embedder.ts';
import { encodeInput } from './encode-input.ts';
import { loadVerified } from './load-verified.ts';
import type { Transformers } from './load-verified.ts';
import { poolStates } from '../pool-states.ts';
import type { Pooling } from '../pool-states.ts';

export type { Pooling } from '../pool-states.ts';

/** Weights in the library's words; each is a file of the model: `fp32` is `onnx/model.onnx`, `q8` `onnx/model_quantized.onnx`. */
export type WeightType = 'fp32' | 'fp16' | 'q8' | 'int8' | 'uint8' | 'q4' | 'q4f16' | 'bnb4';

/** Which model, and how it is used. */
export interface TransformersEmbedderOptions extends FetchModelOptions {
  /**
   * Every file of the model with its SHA-256, under the names by which transformers.js asks for them: `config.json`,
   * `tokenizer.json`, `tokenizer_config.json` and the weights.
   */
  readonly manifest: ModelManifest;
  /** Components of a vector. */
  readonly dimensions: number;
  /** How the states of the tokens become one vector; the model's card says which: `mean` unless said. */
  readonly pooling?: Pooling;
  /** `q8` unless said. */
  readonly weights?: WeightType;
  /** Tokens of a text that are looked at, special ones included: 8 to 32,768, at most what the model can; 128 unless said. */
  readonly maxTokens?: number;
  /** Threads of one run; 2 unless said. */
  readonly threads?: number;
}

/** An embedder that holds any model of transformers.js. */
export type TransformersEmbedder = ModelEmbedder;

interface LoadedModel {
  readonly library: Transformers;
  readonly model: PreTrainedModel;
  readonly tokenizer: PreTrainedTokenizer;
}

/**
 * Any embedding model of transformers.js in this process, from files that are pinned one by one: nothing is loaded that was
 * not hashed first, and nothing is fetched by the library itself. Every text runs alone, so that the same text gives the
 * same vector whatever it is embedded beside. `onnxEmbedder` is smaller where all-MiniLM-L6-v2 will do.
 * @throws CloisterError `ERR_RETRIEVER_OPTIONS`; later `ERR_RETRIEVER_LIBRARY` when `@huggingface/transformers` is not
 *   installed, `ERR_RETRIEVER_EMBEDDER` when the files are no model of this length, `_CLOSED`, what `fetchModel` throws
 */
export function transformersEmbedder(options: TransformersEmbedderOptions): TransformersEmbedder {
  const { manifest, dimensions, pooling = 'mean', weights = 'q8', maxTokens = 128, threads = 2 } = options;
  checkOptions([
    !isWithin(dimensions, 1, 8192) && 'dimensions',
    !POOLINGS.includes(pooling) && 'pooling',
    !WEIGHTS.includes(weights) && 'weights',
    !isWithin(maxTokens, 8, 32_768) && 'maxTokens',
    !isWithin(threads, 1, 256) && 'threads',
  ]);
  const name = `transformers-${manifest.id}-${digestOf(manifest)}`;
  return createModelEmbedder({
    id: `${name}-${pooling}-${maxTokens}`,
    dimensions,
    load: () => loadModel(options, weights, threads),
    tokenizerOf: ({ tokenizer }: LoadedModel): Tokenizer => ({
      id: name,
      encode: (text) => tokenizer.encode(text, { add_special_tokens: false }),
    }),
    embedOne: (loaded, text) => embedOne(loaded, text, { dimensions, pooling, maxTokens }),
    dispose: ({ model }) => model.dispose(),
  });
}

const POOLINGS: readonly Pooling[] = ['mean', 'first', 'last'];
const WEIGHTS: readonly WeightType[] = ['fp32', 'fp16', 'q8', 'int8', 'uint8', 'q4', 'q4f16', 'bnb4'];

/** Tells two sets of files apart. */
function digestOf({ files }: ModelManifest): string {
  const hashes = files.map(({ name, sha256: hash }) => `${name} ${hash}`).toSorted();
  return toHex(sha256(lengthPrefixed(...hashes))).slice(0, 16);
}

async function loadModel(
  options: TransformersEmbedderOptions,
  dtype: WeightType,
  threads: number,
): Promise<LoadedModel> {
  const files = await fetchModel(options.manifest, options);
  const { id } = options.manifest;
  const session_options = { intraOpNumThreads: threads, enableCpuMemArena: false };
  return loadVerified(id, files, async (library) => {
    try {
      const tokenizer = await library.AutoTokenizer.from_pretrained(id);
      const model = await library.AutoModel.from_pretrained(id, { dtype, device: 'cpu', session_options });
      return { library, tokenizer, model };
    } catch {
      // What the library says may name paths and addresses.
      throw retrieverError('ERR_RETRIEVER_EMBEDDER');
    }
  });
}

interface Use {
  readonly dimensions: number;
  readonly pooling: Pooling;
  readonly maxTokens: number;
}

interface StateTensor {
  readonly data: unknown;
  readonly dims: readonly number[];
}

async function embedOne({ library, model, tokenizer }: LoadedModel, text: string, use: Use): Promise<Float32Array> {
  const { dimensions, pooling, maxTokens } = use;
  const ids = encodeInput(tokenizer, text, maxTokens);
  const tensor = (data: BigInt64Array) => new library.Tensor('int64', data, [1, ids.length]);
  const inputs = {
    input_ids: tensor(BigInt64Array.from(ids, BigInt)),
    attention_mask: tensor(new BigInt64Array(ids.length).fill(1n)),
  };
  const outputs = (await model(inputs)) as Readonly<Record<string, StateTensor | undefined>>;
  const states = outputs['last_hidden_state'];
  const [batch, tokens, length] = states?.dims ?? [];
  const fits = batch === 1 && tokens !== undefined && length === dimensions && states?.data instanceof Float32Array;
  if (!fits) throw retrieverError('ERR_RETRIEVER_EMBEDDER');
  return poolStates(states.data as Float32Array, tokens, dimensions, pooling);
}
