/** A character in the percent encoding of RFC 3986, as UTF-8, or as a character reference of HTML; for the flag `u`. */
export const ESCAPE: string =
  '%[0-7][\\dA-Fa-f]|%[CDcd][\\dA-Fa-f]%[89ABab][\\dA-Fa-f]|%[Ee][\\dA-Fa-f](?:%[89ABab][\\dA-Fa-f]){2}|' +
  '%[Ff][0-4](?:%[89ABab][\\dA-Fa-f]){3}|&#\\d{1,7};|&#[Xx][\\dA-Fa-f]{1,6};|&[a-zA-Z]{2,8};';

// Named references that can stand in a value. `&lt;` and its kin end one, so they stay.
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  colon: ':',
  commat: '@',
  dash: '-',
  emsp: ' ',
  ensp: ' ',
  hyphen: '-',
  lowbar: '_',
  lpar: '(',
  minus: '-',
  nbsp: ' ',
  ndash: '-',
  num: '#',
  period: '.',
  plus: '+',
  rpar: ')',
  shy: '',
  sol: '/',
  thinsp: ' ',
  zwj: '',
  zwnj: '',
};
const LARGEST_CODE_POINT = 0x10ffff;
// What ends an address: decoded inside of one it would cut it.
const ENDS_ADDRESS = /[\s<>"`{}|\\^]/;
const CONTROL = /\p{Cc}/u;

/**
 * The character that an escape stands for; the escape itself when it stands for none, for a control character, or for what would
 * end the web address around it.
 */
export function decodeEscape(escape: string, isInAddress: boolean): string {
  const decoded = escape.startsWith('%') ? decodePercent(escape) : decodeReference(escape.slice(1, -1));
  if (decoded === undefined || CONTROL.test(decoded)) return escape;
  return ENDS_ADDRESS.test(decoded) && (isInAddress || decoded !== ' ') ? escape : decoded;
}

function decodePercent(escape: string): string | undefined {
  try {
    return decodeURIComponent(escape);
  } catch {
    return undefined;
  }
}

function decodeReference(name: string): string | undefined {
  if (!name.startsWith('#')) return NAMED[name];
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > LARGEST_CODE_POINT ? undefined : String.fromCodePoint(code);
}

const ADDRESS = /(?:\/\/|www\.)[^\s<>"]{1,2048}/gi;

/** Tells, for rising offsets, whether one lies in a web address. */
export function createAddressTracker(text: string): (offset: number) => boolean {
  ADDRESS.lastIndex = 0;
  let match = ADDRESS.exec(text);
  const ends: [number, number][] = [];
  for (; match !== null; match = ADDRESS.exec(text)) ends.push([match.index, match.index + match[0].length]);
  let at = 0;
  return (offset) => {
    while (at < ends.length && (ends[at]?.[1] ?? 0) <= offset) at++;
    return (ends[at]?.[0] ?? text.length) <= offset;
  };
}
