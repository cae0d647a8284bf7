import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  Metadata,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/min';
import { northAmericanNumber } from './north-american-number.ts';

/** How the numbers of one country are written at home. */
export interface NumberingPlan {
  readonly country: CountryCode;
  readonly code: string;
  /** Absent where a prefix is rewritten. */
  readonly shape: Shape | undefined;
}

/** The digits of a number, and what may be dialled before them. */
interface Shape {
  readonly number: RegExp;
  readonly prefix: RegExp | undefined;
}

/** What the metadata also tell, though the library's types do not. */
interface PlanMetadata {
  nationalNumberPattern(): string;
  /** How numbers begin in some of the countries that share a calling code; 0 or nothing elsewhere. */
  leadingDigits(): string | 0 | undefined;
  nationalPrefixForParsing(): string | undefined;
  nationalPrefixTransformRule(): unknown;
  hasTypes(): boolean;
  type(name: string): { pattern(): string } | undefined;
}

const TYPES = 'FIXED_LINE MOBILE PREMIUM_RATE TOLL_FREE SHARED_COST VOIP PERSONAL_NUMBER PAGER UAN VOICEMAIL'.split(
  ' ',
);
const LONGEST_CODE = 3;
const FOREIGN = /^(?:00|011)(?=[1-9])/;

/** The plan of a country; `undefined` when there is none. */
export function readNumberingPlan(country: string): NumberingPlan | undefined {
  if (!isSupportedCountry(country)) return undefined;
  return { country, code: getCountryCallingCode(country), shape: compile(readMetadata(country)) };
}

/**
 * The international form of digits behind a `+`, when a plan of their country allows them; `undefined` otherwise. The library tells
 * the same, but compiles its expressions for every number.
 */
export function internationalNumber(digits: string): string | undefined {
  if (digits.startsWith('1')) return digits.length === 11 ? americanNumber(digits) : undefined;
  for (let length = 1; length <= LONGEST_CODE; length++) {
    const code = digits.slice(0, length);
    for (const shape of shapesOf(code)) {
      const national = behindPrefix(shape, digits.slice(length));
      if (national !== undefined) return `+${code}${national}`;
    }
  }
  return undefined;
}

/** The international form of digits as they are dialled in the country of a plan. */
export function nationalNumber({ country, code, shape }: NumberingPlan, digits: string): string | undefined {
  if (FOREIGN.test(digits)) return internationalNumber(digits.replace(FOREIGN, ''));
  if (code === '1') return americanNumber(digits);
  if (shape === undefined) return askLibrary(digits, country);
  const behindCode = digits.startsWith(code) ? digits.slice(code.length) : '';
  const national = behindPrefix(shape, digits) ?? behindPrefix(shape, behindCode) ?? sharedNumber(code, digits);
  return national === undefined ? undefined : `+${code}${national}`;
}

/** Countries with one calling code dial each other's numbers as their own. */
function sharedNumber(code: string, digits: string): string | undefined {
  return shapesOf(code).some(({ number }) => number.test(digits)) ? digits : undefined;
}

function behindPrefix({ number, prefix }: Shape, digits: string): string | undefined {
  if (number.test(digits)) return digits;
  const bare = prefix === undefined ? digits : digits.replace(prefix, '');
  return bare !== digits && number.test(bare) ? bare : undefined;
}

function americanNumber(digits: string): string | undefined {
  const national = northAmericanNumber(digits);
  return national === undefined ? undefined : `+1${national}`;
}

function askLibrary(digits: string, country: CountryCode): string | undefined {
  const number = parsePhoneNumberFromString(digits, { defaultCountry: country, extract: false });
  return number?.isValid() === true ? number.number : undefined;
}

const countries = new Map<string, CountryCode[]>();
const shapes = new Map<string, readonly Shape[]>();

/** The shapes of all countries that share a calling code, made when a number first asks for them. */
function shapesOf(code: string): readonly Shape[] {
  if (countries.size === 0)
    for (const country of getCountries()) {
      const calling = getCountryCallingCode(country);
      countries.set(calling, [...(countries.get(calling) ?? []), country]);
    }
  const known = shapes.get(code);
  if (known !== undefined) return known;
  // Codes of no country are for machines and services.
  const sharing = countries.get(code) ?? [];
  const made = sharing.map((country) => compile(readMetadata(country), false)).filter((shape) => shape !== undefined);
  if (made.length > 0) shapes.set(code, made);
  return made;
}

function readMetadata(country: CountryCode): PlanMetadata {
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  return metadata.numberingPlan as unknown as PlanMetadata;
}

/** @param atHome whether a prefix that the country rewrites may stand before a number */
function compile(plan: PlanMetadata, atHome: boolean = true): Shape | undefined {
  const isRewritten = typeof plan.nationalPrefixTransformRule() === 'string';
  if (isRewritten && atHome) return undefined;
  const prefix = isRewritten ? undefined : plan.nationalPrefixForParsing();
  const types = plan.hasTypes()
    ? TYPES.map((name) => plan.type(name)?.pattern() ?? '').filter((one) => one !== '')
    : [];
  const general = `(?=${plan.leadingDigits() || ''})(?:${plan.nationalNumberPattern()})`;
  const national = types.length === 0 ? general : `(?=${general}$)(?:${types.join('|')})`;
  return {
    number: new RegExp(`^(?:${national})$`),
    prefix: prefix === undefined ? undefined : new RegExp(`^(?:${prefix})`),
  };
}
