import { createOnnxSession, createTokenizer, fetchModel, MINILM, MINILM_DIMENSIONS } from '@cloister/models';
import type { FetchModelOptions, ModelTokenizer, OnnxSession, OnnxSessionOptions } from '@cloister/models';
import { retrieverError } from '../errors.ts';
import { createModelEmbedder } from '../model-embedder.ts';
import type { ModelEmbedder } from '../model-embedder.ts';
import { poolStates } from '../pool-states.ts';

/** Options of `onnxEmbedder`: where the model's files come from and how many threads it uses. */
export interface OnnxEmbedderOptions extends FetchModelOptions, OnnxSessionOptions {}

/** The default embedder. */
export type OnnxEmbedder = ModelEmbedder<ModelTokenizer>;

interface LoadedModel {
  readonly session: OnnxSession;
  readonly tokenizer: ModelTokenizer;
}

/**
 * all-MiniLM-L6-v2 in this process: 384 dimensions, texts cut to 128 tokens. Loads its verified files on first use. Every
 * text runs alone, so that the same text gives the same vector whatever it is embedded beside.
 */
export function onnxEmbedder(options: OnnxEmbedderOptions = {}): OnnxEmbedder {
  return createModelEmbedder({
    id: 'all-MiniLM-L6-v2-int8-8199be6f-128',
    dimensions: MINILM_DIMENSIONS,
    load: () => loadModel(options),
    tokenizerOf: ({ tokenizer }: LoadedModel) => tokenizer,
    embedOne: ({ session, tokenizer }, text) => embedOne(session, tokenizer.encodeInput(text)),
    dispose: ({ session }) => session.dispose(),
  });
}

async function loadModel(options: OnnxEmbedderOptions): Promise<LoadedModel> {
  const files = await fetchModel(MINILM, options);
  const bytes = files.get('model.onnx');
  if (bytes === undefined) throw retrieverError('ERR_RETRIEVER_EMBEDDER');
  return { tokenizer: createTokenizer(files), session: await createOnnxSession(bytes, options) };
}

async function embedOne(session: OnnxSession, ids: readonly number[]): Promise<Float32Array> {
  const dimensions = [1, ids.length];
  const tensor = (data: BigInt64Array): { data: BigInt64Array; dimensions: readonly number[] } => ({
    data,
    dimensions,
  });
  const outputs = await session.run({
    input_ids: tensor(BigInt64Array.from(ids, BigInt)),
    attention_mask: tensor(new BigInt64Array(ids.length).fill(1n)),
    token_type_ids: tensor(new BigInt64Array(ids.length)),
  });
  const states = outputs['last_hidden_state'];
  if (states?.data.length !== ids.length * MINILM_DIMENSIONS) throw retrieverError('ERR_RETRIEVER_EMBEDDER');
  return poolStates(states.data, ids.length, MINILM_DIMENSIONS, 'mean');
}
