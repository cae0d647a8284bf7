import { sha256, toHex } from '@cloister/core';
import type { Detection, Detector } from '@cloister/core';
import { modelsError } from '../errors.ts';
import type { ModelFiles } from '../fetch-model.ts';
import { loadTokenizer, readVerified } from '../load-tokenizer.ts';
import { createOnnxSession } from '../onnx/create-onnx-session.ts';
import type { ModelTensor, OnnxSession } from '../onnx/create-onnx-session.ts';
import { LABEL_TYPES } from './label-types.ts';
import { readLabels } from './read-labels.ts';
import type { NerLabels } from './read-labels.ts';
import { windowWords } from './window-words.ts';
import type { TokenizedWord, WordWindow } from './window-words.ts';

/** A model for names as a detector: give it to `createRedactor({ detectors: [ner] })`. */
export interface NerDetector extends Detector, AsyncDisposable {
  /** @throws CloisterError `ERR_MODELS_RUNTIME`, `ERR_MODELS_CLOSED` */
  detect(text: string): Promise<readonly Detection[]>;
  /** Frees the model's memory. */
  dispose(): Promise<void>;
}

/** How a model is asked. */
export interface NerOptions {
  /** The file that holds the model; `model.onnx` unless given. */
  readonly model?: string;
  /** Types of the published list by the model's own labels, without `B-` and `I-`; added to what is known of common models. */
  readonly types?: Readonly<Record<string, string>>;
  /** Least probability of a label that counts, in [0, 1]; 0.5 unless given. */
  readonly threshold?: number;
  /** Most tokens of one run, special tokens included; what the model can read, at most 256, unless given. */
  readonly maxTokens?: number;
  /** Threads of one run; 2 unless given. */
  readonly threads?: number;
}

interface Label {
  readonly type: string | undefined;
  readonly continues: boolean;
  readonly probability: number;
}

const WORD = /[\p{L}\p{M}\p{N}]+|\S/gu;
const MOST_TOKENS = 256;
const FEWEST_TOKENS = 16;
const MOST_WORD_TOKENS = 8;
const SPECIAL_TOKENS = 2;
// What may stand between two words of one name that the model labels apart.
const JOINT = /^(?:[ \t]{0,2}|[-'.])$/;

/**
 * Finds names with a local model for token classification (BERT and its kin, ONNX, `tokenizer.json`, `config.json` with
 * `id2label`). Texts of any length are read in overlapping windows, and offsets are those of the text as given: the words are cut
 * here, and each takes the label of its first token.
 * @throws CloisterError `ERR_MODELS_NOT_VERIFIED`, `_FILE_MISSING`, `_TOKENIZER`, `_INPUT`, `_RUNTIME`, `_TELEMETRY`
 */
export async function createNerDetector(files: ModelFiles, options: NerOptions = {}): Promise<NerDetector> {
  const { model = 'model.onnx', threshold = 0.5, threads = 2 } = options;
  const weights = readVerified(files, model);
  const labels = readLabels(readVerified(files, 'config.json'));
  const tokenizer = loadTokenizer(readVerified(files, 'tokenizer.json'), readVerified(files, 'tokenizer_config.json'));
  const [first, last, ...others] = tokenizer.encode('').ids;
  if (first === undefined || last === undefined || others.length > 0) throw modelsError('ERR_MODELS_TOKENIZER');
  const { maxTokens = Math.min(MOST_TOKENS, labels.maxTokens) } = options;
  if (!Number.isInteger(maxTokens) || maxTokens < FEWEST_TOKENS || maxTokens > labels.maxTokens)
    throw modelsError('ERR_MODELS_INPUT', { subject: 'maxTokens' });
  if (!(threshold >= 0 && threshold <= 1)) throw modelsError('ERR_MODELS_INPUT', { subject: 'threshold' });
  const types = labels.kinds.map((kind) =>
    kind === undefined ? undefined : (options.types?.[kind] ?? LABEL_TYPES[kind]),
  );
  const session = await createOnnxSession(weights, { threads });
  const encode = (word: string): readonly number[] => tokenizer.encode(word, { add_special_tokens: false }).ids;

  async function detect(text: string): Promise<readonly Detection[]> {
    const words = tokenize(text, encode);
    const found: Label[] = [];
    for (const window of windowWords(words, maxTokens - SPECIAL_TOKENS)) {
      const scores = await run(session, [first ?? 0, ...tokensIn(words, window), last ?? 0]);
      found.push(...labelsOf(words, window, scores, { labels, types, threshold }));
    }
    return join(text, words, found);
  }

  return {
    id: `ner-${toHex(sha256(weights)).slice(0, 16)}`,
    detect,
    dispose: () => session.dispose(),
    [Symbol.asyncDispose]: () => session.dispose(),
  };
}

function tokenize(text: string, encode: (word: string) => readonly number[]): TokenizedWord[] {
  const known = new Map<string, readonly number[]>();
  const words: TokenizedWord[] = [];
  for (const match of text.matchAll(WORD)) {
    const [written] = match;
    const tokens = known.get(written) ?? encode(written.slice(0, MOST_TOKENS)).slice(0, MOST_WORD_TOKENS);
    known.set(written, tokens);
    if (tokens.length > 0) words.push({ start: match.index, end: match.index + written.length, tokens });
  }
  return words;
}

function tokensIn(words: readonly TokenizedWord[], { from, to }: WordWindow): number[] {
  return words.slice(from, to).flatMap(({ tokens }) => [...tokens]);
}

async function run(session: OnnxSession, ids: readonly number[]): Promise<ModelTensor<Float32Array>> {
  const dimensions = [1, ids.length];
  const all: Readonly<Record<string, ModelTensor>> = {
    input_ids: { data: BigInt64Array.from(ids, BigInt), dimensions },
    attention_mask: { data: new BigInt64Array(ids.length).fill(1n), dimensions },
    token_type_ids: { data: new BigInt64Array(ids.length), dimensions },
  };
  const inputs = Object.fromEntries(Object.entries(all).filter(([name]) => session.inputNames.includes(name)));
  const outputs = await session.run(inputs);
  const scores = outputs['logits'] ?? outputs[session.outputNames[0] ?? ''];
  if (scores?.dimensions.length !== 3 || scores.dimensions[1] !== ids.length) throw modelsError('ERR_MODELS_RUNTIME');
  return scores;
}

interface Reading {
  readonly labels: NerLabels;
  readonly types: readonly (string | undefined)[];
  readonly threshold: number;
}

/** The label of each word that a window decides, by its first token. */
function labelsOf(
  words: readonly TokenizedWord[],
  { from, to, ownFrom, ownTo }: WordWindow,
  { data, dimensions }: ModelTensor<Float32Array>,
  { labels, types, threshold }: Reading,
): Label[] {
  const classes = dimensions[2] ?? 0;
  if (classes !== types.length) throw modelsError('ERR_MODELS_RUNTIME');
  const found: Label[] = [];
  for (let [index, token] = [from, 1]; index < to; token += words[index++]?.tokens.length ?? 0) {
    if (index < ownFrom || index >= ownTo) continue;
    const [best, probability] = mostProbable(data.subarray(token * classes, (token + 1) * classes));
    const type = probability < threshold ? undefined : types[best];
    found.push({ type, continues: labels.continues[best] === true, probability });
  }
  return found;
}

/** The largest of some logits, and its share of their softmax. */
function mostProbable(logits: Float32Array): readonly [index: number, probability: number] {
  let best = 0;
  for (let index = 1; index < logits.length; index++) if ((logits[index] ?? 0) > (logits[best] ?? 0)) best = index;
  const largest = logits[best] ?? 0;
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - largest), 0);
  return [best, 1 / sum];
}

/** Neighbouring words of one type as one detection. */
function join(text: string, words: readonly TokenizedWord[], labels: readonly Label[]): Detection[] {
  const found: Detection[] = [];
  let before = -1;
  words.forEach(({ start, end }, index) => {
    const { type, continues, probability } = labels[index] ?? {};
    if (type === undefined) return;
    const last = found.at(-1);
    const joins =
      last?.type === type && before === index - 1 && (continues === true || JOINT.test(text.slice(last.end, start)));
    const score = Math.min(probability ?? 0, joins ? last.score : 1);
    if (joins) found[found.length - 1] = { ...last, end, score };
    else found.push({ type, start, end, score, verified: false });
    before = index;
  });
  return found;
}
