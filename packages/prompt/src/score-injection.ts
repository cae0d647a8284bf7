import { promptError } from './errors.ts';

/** A model that judges whether a text holds instructions for whoever reads it. Comes as a value: none is shipped. */
export interface InjectionClassifier {
  /** Name and revision, for reports. */
  readonly id: string;
  /** UTF-16 code units that the model reads at once, at least 64; what is longer is judged in windows. */
  readonly window: number;
  /** From 0, nothing of the kind, to 1. */
  score(text: string): number | Promise<number>;
}

/** What a classifier says of one text. */
export interface InjectionScore {
  /** The highest of all windows, 0 to 1. */
  readonly score: number;
  readonly windows: number;
}

/**
 * Scores a whole text in windows that overlap by half, so that nothing is cut off and an instruction of up to half a window
 * lies whole in one of them. A signal for reports and reviews, never a gate: such models miss attacks and accuse the innocent.
 * @throws CloisterError ERR_PROMPT_CLASSIFIER when the classifier has no usable window or gives no number from 0 to 1
 */
export async function scoreInjection(classifier: InjectionClassifier, text: string): Promise<InjectionScore> {
  const { window } = classifier;
  if (!Number.isInteger(window) || window < 64) throw promptError('ERR_PROMPT_CLASSIFIER');
  let [score, windows] = [0, 0];
  for (let start = 0; start === 0 || start + window / 2 < text.length; start += Math.floor(window / 2)) {
    const found = await classifier.score(text.slice(start, start + window));
    if (!(found >= 0 && found <= 1)) throw promptError('ERR_PROMPT_CLASSIFIER');
    score = Math.max(score, found);
    windows++;
  }
  return { score, windows };
}
