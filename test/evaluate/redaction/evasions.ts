import type { Find } from './score.ts';

/** Eight values, one for each kind, with the words that stand before it. */
const VALUES: readonly (readonly [before: string, value: string])[] = [
  ['Write to', 'lena.roth@mail.example.org'],
  ['Her card is', '4242 4242 4242 4242'],
  ['SSN', '219-09-9997'],
  ['Account', 'DE89 3704 0044 0532 0130 00'],
  ['Call', '+1 202-456-1111'],
  ['The host is', '198.51.100.23'],
  ['Read', 'https://portal.example.org/patient?id=20417'],
  ['MRN', '5583021'],
];

const spread = (between: string) => (text: string) => Array.from(text).join(between);
const eachCode = (spell: (code: number) => string) => (text: string) =>
  Array.from(text, (character) => spell(character.charCodeAt(0))).join('');
const CYRILLIC: Readonly<Record<string, string>> = { a: '\u0430', c: '\u0441', e: '\u0435', o: '\u043e', p: '\u0440' };

/** Ways to write a value that a reader still understands. */
const TRANSFORMS: ReadonlyMap<string, (text: string) => string> = new Map([
  ['zero-width space', spread('\u200b')],
  ['zero-width joiner', spread('\u200d')],
  ['soft hyphen', spread('\u00ad')],
  ['tag characters', spread('\u{e0061}')],
  ['full width', (text) => text.replace(/[!-~]/g, (mark) => String.fromCharCode(mark.charCodeAt(0) + 0xfee0))],
  ['no-break space', (text) => text.replaceAll(' ', '\u00a0')],
  ['en space', (text) => text.replaceAll(' ', '\u2002')],
  ['Cyrillic letters', (text) => text.replace(/[aceop]/g, (letter) => CYRILLIC[letter] ?? letter)],
  ['Arabic digits', (text) => text.replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit)))],
  ['line break', (text) => `${text.slice(0, text.length >> 1).trimEnd()}\n${text.slice(text.length >> 1).trimStart()}`],
  ['percent encoding', eachCode((code) => `%${code.toString(16).padStart(2, '0')}`)],
  ['character references', eachCode((code) => `&#${code};`)],
]);

/** How many of the values that a transform changes are hidden to the last visible character, by transform. */
export async function scoreEvasions(
  find: Find,
): Promise<ReadonlyMap<string, readonly [hidden: number, tried: number]>> {
  const scores = new Map<string, readonly [number, number]>();
  for (const [name, transform] of TRANSFORMS) {
    let [hidden, tried] = [0, 0];
    for (const [before, value] of VALUES) {
      const written = transform(value);
      if (written === value) continue;
      tried++;
      if (await isHidden(find, `${before} `, written)) hidden++;
    }
    scores.set(name, [hidden, tried]);
  }
  return scores;
}

async function isHidden(find: Find, before: string, written: string): Promise<boolean> {
  const spans = await find(`${before}${written} today.`);
  const covered = (index: number): boolean =>
    spans.some(({ start, end }) => start <= before.length + index && before.length + index < end);
  return Array.from({ length: written.length }, (_, index) => index).every(
    (index) => covered(index) || /\s/.test(written[index] ?? ''),
  );
}
