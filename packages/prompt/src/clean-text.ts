/** A text without characters that nobody sees, and how many of them there were. */
export interface CleanedText {
  readonly text: string;
  /** Code points removed. */
  readonly removed: number;
}

const NONCHARACTER = /\p{Noncharacter_Code_Point}/u;
const CONTROL = /\p{Cc}/u;
const SUSPECT =
  /[[\p{Cc}--[\t\n]]\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2028\u2029\ufff9-\ufffb]/v;
const FLAG = /\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,8}\u{e007f}/uy;
const EMOJI = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]/u;
const PICTURE = /\p{Extended_Pictographic}/u;
const EMOJI_BASE = /[\p{Emoji}]/u;
const HAN = /\p{Script=Han}/u;
const MONGOLIAN = /\p{Script=Mongolian}/u;
/** Scripts in which a joiner or non-joiner changes what a word means or how it looks (Unicode 16 section 23.2). */
const JOINING =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]/u;

/**
 * Removes what a reader cannot see but a model can: tag characters outside flags, bidirectional controls, zero-width and
 * filler characters, variation selectors without a base, control characters, noncharacters. Joiners stay inside emoji and
 * inside words of the scripts that need them; line breaks become `\n`; lone surrogates become U+FFFD. Linear time.
 */
export function cleanText(text: string): CleanedText {
  const whole = text.toWellFormed();
  if (!SUSPECT.test(whole)) return { text: whole, removed: 0 };
  let output = '';
  let removed = 0;
  let previous = '';
  for (let index = 0; index < whole.length;) {
    const character = String.fromCodePoint(whole.codePointAt(index) ?? 0);
    const flag = character === '\u{1f3f4}' ? flagAt(whole, index) : '';
    const piece = flag === '' ? cleanCharacter(character, previous, whole, index) : flag;
    output += piece;
    if (piece === '' && character !== '\r') removed++;
    index += flag === '' ? character.length : flag.length;
    if (piece !== '') previous = flag === '' ? character : '';
  }
  return { text: output, removed };
}

function flagAt(text: string, index: number): string {
  FLAG.lastIndex = index;
  return FLAG.exec(text)?.[0] ?? '';
}

function cleanCharacter(character: string, previous: string, text: string, index: number): string {
  if (!SUSPECT.test(character)) return character;
  if (character === '\r') return text[index + 1] === '\n' ? '' : '\n';
  if (character === '\u2028' || character === '\u2029') return '\n';
  if (CONTROL.test(character) || NONCHARACTER.test(character)) return '';
  return keeps(character, previous, nextCharacter(text, index + character.length)) ? character : '';
}

/** Whether an invisible character has a meaning between these two neighbours. */
function keeps(character: string, previous: string, next: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x200d) return (EMOJI.test(previous) && PICTURE.test(next)) || JOINING.test(previous);
  if (code === 0x200c) return JOINING.test(previous) && JOINING.test(next) && !SUSPECT.test(next);
  if (code === 0xfe0e || code === 0xfe0f) return EMOJI_BASE.test(previous);
  if (code >= 0xe0100 && code <= 0xe01ef) return HAN.test(previous);
  return code >= 0x180b && code <= 0x180f && code !== 0x180e && MONGOLIAN.test(previous);
}

function nextCharacter(text: string, index: number): string {
  return index < text.length ? String.fromCodePoint(text.codePointAt(index) ?? 0) : '';
}
