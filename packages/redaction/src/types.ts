/** The closed list of what this package can tell apart (DESIGN 9). README.md says which have a built-in detector. */
export const DETECTION_TYPES = [
  'EMAIL',
  'PHONE',
  'CREDIT_CARD',
  'US_SSN',
  'IBAN',
  'IP_ADDRESS',
  'URL',
  'PERSON',
  'ADDRESS',
  'DATE',
  'MRN',
  'NHS_NUMBER',
  'US_NPI',
  'US_DEA',
  'US_ABA',
  'VIN',
  'IMEI',
  'ORGANIZATION',
  'LOCATION',
  'SECRET',
  'AGE',
  'POSTAL_CODE',
  'MAC_ADDRESS',
  'NATIONAL_ID',
  'BIC',
  'CRYPTO_ADDRESS',
  'MEMBER_ID',
  'BANK_ACCOUNT',
  'LICENSE',
  'PASSPORT',
  'TAX_ID',
  'LICENSE_PLATE',
  'DEVICE_ID',
  'OTHER_ID',
] as const;

/** One member of {@link DETECTION_TYPES}. */
export type DetectionType = (typeof DETECTION_TYPES)[number];

/** Text of an untrusted part that looks like a token: kept in the vault as an inert entry. Never a detection. */
export const LITERAL = 'LITERAL';

/** What an entry of a vault stands for. */
export type EntryType = DetectionType | typeof LITERAL;

/** The word that stands in a token for each type: at most 11 letters, so that a form letter still fits (DESIGN 6.5). */
export const TOKEN_WORDS: Readonly<Record<EntryType, string>> = {
  EMAIL: 'EMAIL',
  PHONE: 'PHONE',
  CREDIT_CARD: 'CARD',
  US_SSN: 'SSN',
  IBAN: 'IBAN',
  IP_ADDRESS: 'IP',
  URL: 'URL',
  PERSON: 'PERSON',
  ADDRESS: 'ADDRESS',
  DATE: 'DATE',
  MRN: 'MRN',
  NHS_NUMBER: 'NHS',
  US_NPI: 'NPI',
  US_DEA: 'DEA',
  US_ABA: 'ABA',
  VIN: 'VIN',
  IMEI: 'IMEI',
  ORGANIZATION: 'ORG',
  LOCATION: 'LOCATION',
  SECRET: 'SECRET',
  AGE: 'AGE',
  POSTAL_CODE: 'POSTCODE',
  MAC_ADDRESS: 'MAC',
  NATIONAL_ID: 'NATIONALID',
  BIC: 'BIC',
  CRYPTO_ADDRESS: 'WALLET',
  MEMBER_ID: 'MEMBER',
  BANK_ACCOUNT: 'ACCOUNT',
  LICENSE: 'LICENSE',
  PASSPORT: 'PASSPORT',
  TAX_ID: 'TAXID',
  LICENSE_PLATE: 'PLATE',
  DEVICE_ID: 'DEVICE',
  OTHER_ID: 'ID',
  LITERAL: 'LITERAL',
};

const TYPES: ReadonlySet<unknown> = new Set(DETECTION_TYPES);

/** Whether `value` names a type of the published list. */
export function isDetectionType(value: unknown): value is DetectionType {
  return TYPES.has(value);
}

const CHECKED: ReadonlySet<DetectionType> = new Set([
  'PHONE',
  'CREDIT_CARD',
  'US_SSN',
  'IBAN',
  'NHS_NUMBER',
  'US_NPI',
  'US_DEA',
  'US_ABA',
  'VIN',
  'IMEI',
  'NATIONAL_ID',
  'CRYPTO_ADDRESS',
]);

/** Whether a type has a checksum, ranges or a plan, so that a value that is not `verified` has failed it. */
export function isChecked(type: DetectionType): boolean {
  return CHECKED.has(type);
}
