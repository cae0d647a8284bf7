import type { RandomSource } from '@cloister/core';
import { sessionError } from '../errors.ts';

const LETTERS_IN_A_WORD = 5;

/**
 * Random words of five small letters, so that every tokenizer makes many tokens of it and nobody has asked it before.
 * @param letters 256 to 65,536: 2,048 are at least 512 tokens, four blocks of 128
 * @throws CloisterError `ERR_SESSION_DERIVATION`
 */
export function createProbeText(letters: number, random: RandomSource): string {
  if (!Number.isInteger(letters) || letters < 256 || letters > 65_536)
    throw sessionError('ERR_SESSION_DERIVATION', { subject: 'letters' });
  let text = '';
  for (const [index, byte] of random(letters).entries()) {
    if (index > 0 && index % LETTERS_IN_A_WORD === 0) text += ' ';
    // A slight preference for some letters does not matter: hundreds of bits remain.
    text += String.fromCharCode(97 + (byte % 26));
  }
  return text;
}
