import { fromUtf8 } from '@cloister/core';
import { modelsError } from '../errors.ts';

/** What a model for token classification says about itself. */
export interface NerLabels {
  /** The name of each class in the order of the output, without `B-`, `I-` and their kin; `undefined` for none of them. */
  readonly kinds: readonly (string | undefined)[];
  /** Whether a class continues the one before it. */
  readonly continues: readonly boolean[];
  /** Most tokens of one input, special tokens included. */
  readonly maxTokens: number;
}

const MOST_LABELS = 1024;
const FEWEST_TOKENS = 16;

/**
 * Reads the `config.json` of a model for token classification: `id2label` and `max_position_embeddings`.
 * @throws CloisterError `ERR_MODELS_INPUT`
 */
export function readLabels(config: Uint8Array): NerLabels {
  const { id2label, max_position_embeddings: maxTokens = 512 } = parse(config);
  const names = typeof id2label === 'object' && id2label !== null ? Object.entries(id2label) : [];
  const labels: string[] = [];
  for (const [id, name] of names) if (typeof name === 'string' && /^\d{1,4}$/.test(id)) labels[Number(id)] = name;
  const whole = labels.length === names.length && labels.length > 1 && labels.length <= MOST_LABELS;
  if (!whole || Object.values(labels).length !== labels.length || !(Number(maxTokens) >= FEWEST_TOKENS))
    throw modelsError('ERR_MODELS_INPUT', { subject: 'config.json' });
  return {
    kinds: labels.map((label) => (label === 'O' ? undefined : label.replace(/^[BIESLU]-/i, '').toUpperCase())),
    continues: labels.map((label) => /^[IEL]-/i.test(label)),
    maxTokens: Number(maxTokens),
  };
}

function parse(config: Uint8Array): { readonly id2label?: unknown; readonly max_position_embeddings?: unknown } {
  try {
    return (JSON.parse(fromUtf8(config)) as object | null) ?? {};
  } catch {
    throw modelsError('ERR_MODELS_INPUT', { subject: 'config.json' });
  }
}
