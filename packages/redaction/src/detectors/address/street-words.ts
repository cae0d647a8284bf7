import { groupBit, type TriggerGroup } from '../trigger-words.ts';

/** Words that end the name of a street, in English. */
const ENDINGS =
  'street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|courts?|ct|place|pl|square|sq|terrace|way|parkway|pkwy|highway|hwy|close|crescent|' +
  'gardens?|grove|circle|cir|trail|row|mews|gateway|alley|plaza|walk|rise|hill|park|mount|view|loop|crossing|extensions?|esplanade|quay|strasse|allee';

/** Words that begin the name of a street, in other languages. */
const BEGINNINGS =
  'rue|avenue|via|vicolo|viale|piazza|piazzetta|corso|strada|largo|calle|c\\/|avda\\.?|avenida|av\\.|plaza|pza\\.?|paseo|carrer|carretera|ctra\\.?|camino|ronda|rua|r\\u00faa|' +
  'pra\\u00e7a|travessa|estrada|ul\\.|ulica|aleja|chemin|all\\u00e9e|boulevard|quai|impasse|cours|strasse|am|an der|im';

/** Last parts of one-word street names, in other languages. */
const INSIDE =
  'stra\\u00dfe|strasse|str\\.|gasse|weg|platz|allee|steig|ufer|damm|gade|vej|v\\u00e6nget|stien|gatan?|gate|v\\u00e4gen|vegen|veien|tie|katu|kuja|polku|straat|' +
  'laan|plein|dijk|kade|utca|\\u00fatja|t\\u00e9r|k\\u00f6z|kapu|gatve|iela|ulica|ulice|cesta|nam\\u011bst\\u00ed';

/** Last words of street names, in other languages. */
const LAST_WORDS =
  '[Ss]tra\\u00dfe|[Ss]trasse|[Ww]eg|[Pp]latz|[Gg]ata|[Vv]ej|\\u00fat|utca|\\u00fatja|p\\u00f5ik|tee|u\\.|ul\\.|str\\.';

const UNITS = 'apt|apartment|suite|ste|unit|flat|room|floor|box|p\\.? ?o\\.? box|psc|po box|puerta|piso|planta|bajo';

/** A word of a street's name. */
export const WORD: string = "[\\p{L}][\\p{L}\\p{M}.'\\u2019-]{0,24}";
/** The same with a capital letter. */
export const CAPITAL: string = "\\p{Lu}[\\p{L}\\p{M}.'\\u2019-]{0,24}";
const TOWN = "(?!E-?[Mm]ail|Correo|Tel|Fax)(?:Ste?\\. )?\\p{Lu}[\\p{L}\\p{M}'\\u2019-]{0,24}";
/** The name of a town: up to four words, some of them small. */
export const TOWNS: string = `${TOWN}(?:[ -](?:(?:de|la|le|les|del|di|da|do|dos|am|an|der|die|sur|sous|en|in|ob|nad|upon|on|under|the|pr\\u00e8s)(?!\\p{L})|${TOWN})){0,4}`;
/** Small words inside names of streets. */
export const PARTICLE: string = '(?:de la|de|del|des|du|di|da|do|dos|la|las|los|le|von|van|der|den|the|of|y|et)';
/** A house number. */
export const NUMBER: string = '\\d{1,5}[A-Za-z]?';
// What may stand between the parts: quoted mail and chat put marks at the beginning of a line.
const GAP = '[ \\t]{0,3}(?:,?[ \\t]{0,3}|,?\\n[ \\t>?|]{0,8})';
const STEP = '(?:[ \\t]|,[ \\t\\n]|\\n)[ \\t>?|]{0,8}';
/** What an address may not begin behind. */
export const EDGE: string = '(?<![\\p{L}\\p{N}.,$#/%-])';
/** What a number of an address may not be followed by. */
export const STOP: string = '(?![\\p{L}\\p{N}]|[.,/:-]\\d|%)';
const NAME = `(?:${PARTICLE} ){0,2}${CAPITAL}`;
const UNIT: string = `(?:${anyCase(UNITS)})\\.?:? {0,2}#? ?(?:\\d{1,5}[A-Za-z]?|[A-Z])`;
const FLAT = '(?:[Aa]pt|[Ss]uite|[Ss]te|APT|SUITE)\\.? #?\\d{1,5}';

/** Alternatives that may begin with a capital letter or stand in capitals altogether. */
function anyCase(words: string): string {
  return `${words}|${capitalized(words)}`;
}

/** Where an address begins for certain, and the words of which a text must have one, if any. All repeats are bounded. */
export interface Anchor {
  readonly words: number;
  readonly pattern: RegExp;
}

function anchors(flags: string, rules: readonly (readonly [TriggerGroup | undefined, string])[]): readonly Anchor[] {
  return rules.map(([group, source]) => ({
    words: group === undefined ? 0 : groupBit(group),
    pattern: new RegExp(source, flags),
  }));
}

/** With a number, before a capital letter. */
export const CAPITAL_ANCHOR: RegExp = new RegExp(
  // 704 1436 Redbud Drive, 12 Elm Street 4
  `${EDGE}${NUMBER}${STEP}(?:${NUMBER} )?${CAPITAL} (?:${WORD} ){0,3}?(?:${capitalized(ENDINGS)})(?![\\p{L}])(?: ${NUMBER}${STOP})?`,
  'uy',
);

/** With a number, before any other words. */
export const NUMBER_ANCHORS: readonly Anchor[] = anchors('uy', [
  // 12 rue Descartes 4
  [
    'street',
    `${EDGE}(?:${NUMBER}${STEP}){1,2}(?:${anyCase(BEGINNINGS)}) ${NAME}(?: ${NAME}){0,3}(?:,? ${NUMBER})?${STOP}`,
  ],
  // 605 any street 12 apt. 99
  ['box', `${EDGE}${NUMBER}${STEP}(?:${NUMBER} )?(?:${WORD} ){1,5}(?:${NUMBER})?${GAP}${FLAT}${STOP}`],
]);

/** With a word. */
export const WORD_ANCHORS: readonly Anchor[] = anchors('gu', [
  // Calle Mayor 12, Via Roma, 3
  [
    'street',
    `${EDGE}(?:${anyCase(BEGINNINGS)}) ${NAME}(?: ${NAME}){0,3},? (?:n\\u00ba ?|n\\u00b0 ?|n\\. ?)?${NUMBER}${STOP}`,
  ],
  [
    'box',
    `(?<![\\p{L}\\p{N}])(?:(?:PSC|[Uu]nit|CMR) \\d{1,5},? [Bb]ox \\d{1,5}|[Pp]\\.? ?[Oo]\\.? [Bb]ox \\d{1,6}|${FLAT})${STOP}`,
  ],
  ['box', `(?<![\\p{L}\\p{N}])(?:US[A-Z]{1,3} ${CAPITAL}${GAP})?(?:APO|FPO|DPO) [A-Z]{2} \\d{5}${STOP}`],
  // the corner of Here and There 46
  [
    'corner',
    `(?<=(?<![\\p{L}\\p{N}])corner of )(?:${NUMBER} )?(?:${WORD} ){1,5}?(?:${NUMBER}\\.? )?and (?:${NAME} ?){1,4}(?:${NUMBER}${STOP})?`,
  ],
]);

/** Streets by the last part of their word, before their number. */
export const ENDING_ANCHORS: readonly RegExp[] = [
  // Ziegelgasse 19, Villacher Strasse 89
  `${EDGE}(?:${NUMBER}${STEP})?(?:${CAPITAL} )?\\p{Lu}\\p{L}{2,24}?(?:${INSIDE}) ${NUMBER}${STOP}`,
  `${EDGE}(?:${CAPITAL} )(?:${LAST_WORDS}) ${NUMBER}${STOP}`,
].map((source) => new RegExp(source, 'gu'));

/** What stands before the number of such a street. */
export const STREET_ENDS: RegExp = new RegExp(`(?:${INSIDE}|${LAST_WORDS}) $`);

/** Postal codes as countries write them. */
export const CODE: string =
  '(?:[A-Z]{1,2}-)?(?:\\d{2}-\\d{3}|\\d{4}-\\d{3}|\\d{3} \\d{2}|\\d{4} ?[A-Z]{2}|\\d{4,6}(?:-\\d{4})?)|[A-Z]\\d[A-Z] ?\\d[A-Z]\\d|[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2}';

/** 6750 Koskikatu 25: a street when none of the words between the numbers is a common one. */
export const UNNAMED_STREET: RegExp = new RegExp(
  `${EDGE}\\d{2,5} (?<street>(?:${CAPITAL} ){1,3}(?:${WORD} )?)\\d{1,4}[a-z]?${STOP}`,
  'uy',
);

/** Alternatives with a capital letter. */
function capitalized(words: string): string {
  return words.replaceAll(/(^|\|)(\p{Ll})/gu, (_, bar: string, letter: string) => bar + letter.toUpperCase());
}

/** One further part of an address behind what was found so far: groups `unit`, `code`, `place`. */
export const PART: RegExp = new RegExp(
  `[.]?(?:${GAP})(?:(?<unit>${UNIT}${STOP})|(?<code>(?:${CODE})${STOP})|` + `(?<place>${TOWNS}))`,
  'uy',
);
