import type { Redactor } from './create-redactor.ts';
import { DETECTION_TYPES, type DetectionType } from './types.ts';

/** Found by what stands around them: in the text of a model that is too little to accuse it. */
const GUESSED: ReadonlySet<DetectionType> = new Set(['PERSON', 'LOCATION', 'ORGANIZATION']);

/**
 * Values that a model wrote out in its answer, by type: its prompt held tokens for such values, so these stand for no entry of
 * the vault but were made up, or remembered from its training. Names, places and organisations are not looked for.
 * @param answer of the model, before it is restored
 * @param options.types that were masked in the prompt; all unless given
 */
export async function findInvented(
  redactor: Redactor,
  answer: string,
  options: { readonly types?: readonly DetectionType[] } = {},
): Promise<Partial<Readonly<Record<DetectionType, number>>>> {
  const types = (options.types ?? DETECTION_TYPES).filter((type) => !GUESSED.has(type));
  const { counts, vault } = await redactor.redact(answer, { types });
  vault.close();
  return counts;
}
