/** Numbers below a limit, the same for the same seed. */
type Draw = (limit: number) => number;

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

function createDraw(seed: number): Draw {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % limit;
  };
}

const word = (draw: Draw, length: number): string => Array.from({ length }, () => LETTERS[draw(26)]).join('');
const name = (draw: Draw, length: number): string => {
  const letters = word(draw, length);
  return letters.charAt(0).toUpperCase() + letters.slice(1);
};
const digits = (draw: Draw, length: number): string => Array.from({ length }, () => draw(10)).join('');

/** Pieces that are the same all along: triggers without a value, near misses, nests, floods. */
const REPEATED: readonly string[] = [
  'Dr. Aa ', 'Aa ', 'A ', 'Mr ', 'Hi Ann, ', 'in Paris. ', 'a', '1', '1 ', '12-', '1.', '((1', '(+1 617 ', '+1 ', '12/', 'x1 ',
  '[', '[[PERSON_', '[[PERSON_k7q2m3', 'PERSON_', '&', '%', '%31', '%C3%A9', '%C3', '&#49;', '&amp;', '&#x', '//a%20', '](', 'src=',
  '\u200b', '1\u200b', '\u0301', 'e\u0301', '\uff11', '\ud800', '\u{1f468}\u200d', '\u{e0041}', '\u0660', '\ufdfa', '"@', "\"'",
  '@', 'a@', '@a.', 'http://a ', 'www.a ', '://', 'eyJaaaaaaaaaaaaaaaaa.', '-----BEGIN PRIVATE KEY-----', 'ghp_', 'sk-a', 'key ', 'password 1',
  'GB82 ', 'GB82WEST1234', 'MRN ', 'MRN: A-', '1 Elm St ', '1 A St\n ', 'corner of A and ', '1\n', '617 555\n0142 x ', '4111 1111\n1111 1111 ', 'GB82\nWEST ',
  'name,name,name\n', 'name|age\n', 'a,"b,c\n', 'a:a:', 'ff-', 'May 1, ', 'May ', 'zip 12345 ', 'M1 1AA ', 'aged 9 ', '9 years old, ', 'de 9 anos ', 'nhs 1234567890 ', 'card 4111 1111 1111 1112 ',
]; // prettier-ignore

/** Pieces of which no two are alike: each is a new value, or almost one. */
const DISTINCT: Readonly<Record<string, (draw: Draw, index: number) => string>> = {
  'full names': (draw) => `Dr. ${name(draw, 6)} ${name(draw, 8)} `,
  surnames: (draw) => `Dr. ${name(draw, 7)} `,
  'given names': (draw) => `Maria ${name(draw, 6)}. `,
  'lists of names': (draw) => `${name(draw, 5)}, ${name(draw, 6)} and `,
  'capital words': (draw) => `${name(draw, 4)} `,
  'addresses of mail': (draw) => `${word(draw, 8)}@a.co `,
  'American phones': (draw) => `617-555-${digits(draw, 4)} `,
  'phones abroad': (draw) => `+4420${digits(draw, 8)} `,
  'phones of no plan': (draw) => `+${digits(draw, 9)} `,
  'IPv4 addresses': (draw) => `${draw(256)}.${draw(256)}.${draw(256)}.${draw(256)} `,
  'IPv6 addresses': (draw) => `::${draw(65_536).toString(16)}:${draw(65_536).toString(16)} `,
  dates: (draw) => `${1 + draw(12)}/${1 + draw(28)}/${1900 + draw(120)} `,
  'nine digits': (draw) => `${digits(draw, 9)} `,
  'social security numbers': (draw) => `${digits(draw, 3)}-${digits(draw, 2)}-${digits(draw, 4)} `,
  'taxpayer numbers': (draw) => `ssn ${digits(draw, 9)} `,
  cards: (draw) => `card 4${digits(draw, 15)} `,
  accounts: (draw) => `GB${digits(draw, 2)} WEST 1234 5698 7654 ${digits(draw, 2)} `,
  'random digits': (draw) => digits(draw, 64),
  tokens: (draw) => `[[PERSON_${digits(draw, 7)}]]`,
  'bare tokens': (draw) => `PERSON_${digits(draw, 7)} `,
  'web addresses': (draw) => `http://${word(draw, 5)} `,
  secrets: (draw) => `token=${word(draw, 4)}${digits(draw, 16)} `,
  streets: (draw) => `${digits(draw, 2)} ${name(draw, 5)} Street, `,
  'labelled numbers': (draw) => `account ${digits(draw, 8)} `,
  words: (draw) => `${word(draw, 5)} `,
};

function fill(size: number, piece: (index: number) => string): string {
  const pieces: string[] = [];
  for (let length = 0, index = 0; length < size; index++) {
    const next = piece(index);
    pieces.push(next);
    length += next.length;
  }
  return pieces.join('').slice(0, size);
}

/**
 * Texts that are meant to cost much, by name: every repeated piece, every kind of distinct values, and mixtures of a few pieces.
 * @param size code units of each text
 * @param mixtures how many mixtures; the same for the same seed
 */
export function* adversarialTexts(
  size: number,
  mixtures: number,
  seed: number = 7,
): Generator<readonly [name: string, text: string]> {
  for (const piece of REPEATED) yield [JSON.stringify(piece), fill(size, () => piece)];
  for (const [kind, make] of Object.entries(DISTINCT)) {
    const draw = createDraw(seed);
    yield [`distinct ${kind}`, fill(size, (index) => make(draw, index))];
  }
  for (let mixture = 0; mixture < mixtures; mixture++) {
    const draw = createDraw(seed + mixture + 1);
    const pieces = Array.from({ length: 1 + draw(4) }, () => REPEATED[draw(REPEATED.length)] ?? '');
    yield [`mixture ${JSON.stringify(pieces)}`, fill(size, () => pieces[draw(pieces.length)] ?? '')];
  }
}
