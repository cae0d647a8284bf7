import { isLuhn } from './luhn.ts';
import { isVerhoeff } from './verhoeff.ts';
import { weighted } from './weighted.ts';

/** How one country numbers its people: shape without spaces, published check rule, words that announce it. */
export interface NationalId {
  readonly shape: RegExp;
  readonly verify: (value: string) => boolean;
  readonly keywords: RegExp;
}

const SPANISH_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

function isDni(value: string): boolean {
  const digits = value.slice(0, -1).replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter)));
  return SPANISH_LETTERS[Number(digits) % 23] === value.at(-1);
}

function isPesel(value: string): boolean {
  return weighted(value, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
}

function isBsn(value: string): boolean {
  return weighted(value, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 && Number(value) > 0;
}

function isTfn(value: string): boolean {
  return weighted(value, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0 && Number(value) > 0;
}

function isNir(value: string): boolean {
  const number = value.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return 97n - (BigInt(number) % 97n) === BigInt(value.slice(13));
}

function isCpf(value: string): boolean {
  const check = (length: number): number => {
    const rest = weighted(
      value,
      Array.from({ length }, (_, index) => length + 1 - index),
    );
    return ((rest * 10) % 11) % 10;
  };
  return !/^(\d)\1*$/.test(value) && check(9) === Number(value[9]) && check(10) === Number(value[10]);
}

function isTckn(value: string): boolean {
  const odd = weighted(value, [1, 0, 1, 0, 1, 0, 1, 0, 1]);
  const even = weighted(value, [0, 1, 0, 1, 0, 1, 0, 1]);
  const all = weighted(value, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
  return (7 * odd + 9 * even) % 10 === Number(value[9]) && all % 10 === Number(value[10]);
}

const IRISH_LETTERS = 'WABCDEFGHIJKLMNOPQRSTUV';

function isPpsn(value: string): boolean {
  const further = 9 * Math.max(0, IRISH_LETTERS.indexOf(value.charAt(8) || 'W'));
  return IRISH_LETTERS[(weighted(value, [8, 7, 6, 5, 4, 3, 2]) + further) % 23] === value[7];
}

const FINNISH_SIGNS = '0123456789ABCDEFHJKLMNPRSTUVWXY';

function isHetu(value: string): boolean {
  return FINNISH_SIGNS[Number(value.slice(0, -1).replace('A', '')) % 31] === value.at(-1);
}

function isFodselsnummer(value: string): boolean {
  const first = weighted(value, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]);
  return first % 11 === 0 && weighted(value, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
}

function isRijksregisternummer(value: string): boolean {
  const [number, check] = [value.slice(0, 9), Number(value.slice(9))];
  // Who was born from 2000 on has a 2 before the number.
  return [number, `2${number}`].some((one) => 97 - (Number(one) % 97) === check);
}

/**
 * Personal numbers whose check rule is published: Spain, Poland, the Netherlands, Australia, France, Brazil, Canada, Sweden, India, Turkey,
 * Ireland, Finland, Norway, Belgium.
 */
export const NATIONAL_IDS: readonly NationalId[] = [
  { shape: /^(?:\d{8}|[XYZ]\d{7})[A-Z]$/, verify: isDni, keywords: /\b(?:dni|nie|nif)\b/i },
  { shape: /^\d{11}$/, verify: isPesel, keywords: /\bpesel\b/i },
  { shape: /^\d{9}$/, verify: isBsn, keywords: /\b(?:bsn|burgerservicenummer)\b/i },
  { shape: /^\d{9}$/, verify: isTfn, keywords: /\b(?:tfn|tax file)\b/i },
  {
    shape: /^[12]\d{2}[01]\d(?:\d{2}|2[AB])\d{8}$/,
    verify: isNir,
    keywords: /\b(?:nir|s\u00e9curit\u00e9 sociale|insee)\b/i,
  },
  { shape: /^\d{11}$/, verify: isCpf, keywords: /\bcpf\b/i },
  { shape: /^[1-79]\d{8}$/, verify: isLuhn, keywords: /\b(?:sin|social insurance)\b/i },
  { shape: /^\d{10}$/, verify: isLuhn, keywords: /\bpersonnummer\b/i },
  { shape: /^[2-9]\d{11}$/, verify: isVerhoeff, keywords: /\b(?:aadhaar|aadhar|uidai)\b/i },
  { shape: /^[1-9]\d{10}$/, verify: isTckn, keywords: /\b(?:tckn|kimlik)\b/i },
  { shape: /^\d{7}[A-W][A-IW]?$/, verify: isPpsn, keywords: /\bppsn?\b/i },
  { shape: /^\d{6}A?\d{3}[\dA-Y]$/, verify: isHetu, keywords: /\b(?:hetu|henkil\u00f6tunnus)\b/i },
  { shape: /^\d{11}$/, verify: isFodselsnummer, keywords: /\b(?:f\u00f8dselsnummer|personnummer|fnr)\b/i },
  {
    shape: /^\d{11}$/,
    verify: isRijksregisternummer,
    keywords: /\b(?:rijksregister(?:nummer)?|rrn|num\u00e9ro national)\b/i,
  },
];
