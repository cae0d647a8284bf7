import { createErrors } from '@cloister/core';
import { createRedactor, createVault, type DetectionType } from '@cloister/redaction';

type Line = Readonly<Record<string, unknown>>;

const malformed = createErrors<'ERR_CONFORMANCE_MALFORMED_LINE'>({
  ERR_CONFORMANCE_MALFORMED_LINE: {
    message: 'The line is not a question of this area.',
    fix: 'Send {id, text, types?, names?} with text as a string and the others as lists of strings.',
  },
});

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
const plain = createRedactor();

/**
 * One answer of the area `redaction`: `{id, spans, text, restored}` with UTF-16 offsets into the input. Every line has a vault
 * of its own; `names` gives a tenant's dictionary.
 * @throws CloisterError ERR_REDACTION_TYPE or ERR_REDACTION_NAME for what the redactor refuses
 */
export async function answer(line: unknown): Promise<object> {
  const { id, text, types, names } = line as Line;
  if (!isText(text) || !(types === undefined || isTexts(types)) || !(names === undefined || isTexts(names))) {
    throw malformed('ERR_CONFORMANCE_MALFORMED_LINE');
  }
  using vault = createVault();
  const redactor = names === undefined ? plain : createRedactor({ names });
  // The redactor refuses what is not a type.
  const wanted = types === undefined ? {} : { types: types as readonly DetectionType[] };
  const redaction = await redactor.redact(text, { vault, ...wanted });
  const spans = redaction.detections.map(({ type, start, end, verified }) => ({ type, start, end, verified }));
  return { ...(id === undefined ? {} : { id }), spans, text: redaction.text, restored: vault.unmask(redaction.text) };
}
