import { createMint } from '@cloister/core';
import { promptError } from './errors.ts';

declare const trustedBrand: unique symbol;

/** Instructions that stand in the application's source code. Only `trusted` makes them: a cast or a copy throws at run time. */
export interface Trusted {
  readonly [trustedBrand]: true;
}

const instructions = createMint<Trusted, string>();

/**
 * Template tag for instructions: ``trusted`Answer in at most ${5} sentences. ${houseRules}` ``. Takes other trusted texts
 * and finite numbers as values, so that text of a user or a document cannot get into the system message.
 * @throws CloisterError ERR_PROMPT_UNTRUSTED_VALUE for any other value, and when called as a plain function
 */
export function trusted(strings: TemplateStringsArray, ...values: readonly (Trusted | number)[]): Trusted {
  if (!isTemplate(strings)) throw promptError('ERR_PROMPT_UNTRUSTED_VALUE');
  let text = strings[0] ?? '';
  values.forEach((value, index) => {
    text += readValue(value) + (strings[index + 1] ?? '');
  });
  return instructions.mint({} as Trusted, text);
}

/**
 * The text of trusted instructions.
 * @throws CloisterError ERR_PROMPT_NOT_TRUSTED
 */
export function readTrusted(value: Trusted): string {
  const text = instructions.resolve(value);
  if (text === undefined) throw promptError('ERR_PROMPT_NOT_TRUSTED');
  return text;
}

/** Only the engine makes frozen arrays with a frozen `raw`; anybody who imitates that means to. */
function isTemplate(strings: TemplateStringsArray): boolean {
  return (
    Array.isArray(strings) && Object.isFrozen(strings) && Array.isArray(strings.raw) && Object.isFrozen(strings.raw)
  );
}

function readValue(value: Trusted | number): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  const text = instructions.resolve(value);
  if (text === undefined) throw promptError('ERR_PROMPT_UNTRUSTED_VALUE');
  return text;
}
