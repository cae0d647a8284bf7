/** An id of a vault, seven symbols of five bits each: six of them from the lowest bits on, and the seventh. */
export interface Id {
  readonly low: number;
  readonly high: number;
}

/** Characters of an id. */
export const ID_LENGTH = 7;

/** The alphabet of an id: Crockford base32 in lower case, without i, l, o and u. */
export const ID_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Bits of a symbol. */
export const SYMBOL_BITS = 5;

/** All bits of a symbol. */
export const SYMBOL = 0b11111;

const LOW_SYMBOLS = ID_LENGTH - 1;
const FIRST_LETTER = 10;
const CODES = Uint8Array.from(ID_ALPHABET, (character) => character.charCodeAt(0));

/** The id that 35 bits of a digest are, of the lowest of each byte from `at` on. */
export function readId(digest: Uint8Array, at: number): Id {
  let low = 0;
  for (let place = 0; place < LOW_SYMBOLS; place++)
    low |= ((digest[at + place] as number) & SYMBOL) << (SYMBOL_BITS * place);
  return { low, high: (digest[at + LOW_SYMBOLS] as number) & SYMBOL };
}

/** The id that seven characters of the alphabet spell. */
export function parseId(text: string): Id {
  let low = 0;
  for (let place = 0; place < LOW_SYMBOLS; place++)
    low |= ID_ALPHABET.indexOf(text[place] as string) << (SYMBOL_BITS * place);
  return { low, high: ID_ALPHABET.indexOf(text[LOW_SYMBOLS] as string) };
}

/** The seven characters of an id. */
export function spellId({ low, high }: Id): string {
  const code = (place: number): number => CODES[symbolAt(low, place)] as number;
  return String.fromCharCode(code(0), code(1), code(2), code(3), code(4), code(5), CODES[high] as number);
}

/** Whether an id has a digit, so that it can be told from a word of a text. */
export function isTellable({ low, high }: Id): boolean {
  for (let place = 0; place < LOW_SYMBOLS; place++) if (symbolAt(low, place) < FIRST_LETTER) return true;
  return high < FIRST_LETTER;
}

function symbolAt(low: number, place: number): number {
  return (low >>> (SYMBOL_BITS * place)) & SYMBOL;
}
