import type { DetectionType } from './types.ts';

/** One item of the list in 45 CFR 164.514(b)(2)(i). */
export interface SafeHarborItem {
  /** The letter of the item in the regulation. */
  readonly item: string;
  readonly name: string;
  /** What finds it in text; empty when text cannot hold it. */
  readonly types: readonly DetectionType[];
  /** What the types leave open. */
  readonly limit: string;
}

/** The eighteen identifiers of the Safe Harbor method, 45 CFR 164.514(b)(2)(i), and what of this package finds each. */
export const HIPAA_SAFE_HARBOR: readonly SafeHarborItem[] = [
  { item: 'A', name: 'Names', types: ['PERSON'], limit: 'rules and the tenant\u2019s names; a model finds more' },
  {
    item: 'B',
    name: 'Places smaller than a state',
    types: ['ADDRESS', 'LOCATION', 'POSTAL_CODE'],
    limit: 'with `safeHarbor` the first three digits of a code of the United States stay where the rule lets them',
  },
  {
    item: 'C',
    name: 'Dates except years, ages over 89',
    types: ['DATE', 'AGE'],
    limit: 'with `safeHarbor` years and ages below 90 stay',
  },
  {
    item: 'D',
    name: 'Telephone numbers',
    types: ['PHONE'],
    limit: 'numbering plans, groups of digits, words around them',
  },
  { item: 'E', name: 'Fax numbers', types: ['PHONE'], limit: 'the same' },
  { item: 'F', name: 'E-mail addresses', types: ['EMAIL'], limit: '' },
  { item: 'G', name: 'Social security numbers', types: ['US_SSN'], limit: 'half-hidden ones too' },
  {
    item: 'H',
    name: 'Medical record numbers',
    types: ['MRN'],
    limit: 'behind a label, or by the tenant\u2019s pattern',
  },
  {
    item: 'I',
    name: 'Health plan numbers',
    types: ['MEMBER_ID', 'NHS_NUMBER'],
    limit: 'Medicare by its shape, others behind a label or by the tenant\u2019s pattern',
  },
  {
    item: 'J',
    name: 'Account numbers',
    types: ['BANK_ACCOUNT', 'CREDIT_CARD', 'IBAN', 'BIC', 'US_ABA', 'CRYPTO_ADDRESS'],
    limit: 'domestic account numbers behind a label',
  },
  {
    item: 'K',
    name: 'Certificate and licence numbers',
    types: ['LICENSE', 'PASSPORT', 'US_NPI', 'US_DEA'],
    limit: 'licences and passports behind a label',
  },
  { item: 'L', name: 'Vehicle identifiers', types: ['VIN', 'LICENSE_PLATE'], limit: 'plates behind a label' },
  {
    item: 'M',
    name: 'Device identifiers',
    types: ['DEVICE_ID', 'IMEI', 'MAC_ADDRESS'],
    limit: 'serial numbers behind a label',
  },
  { item: 'N', name: 'Web addresses', types: ['URL'], limit: 'with a scheme or www' },
  { item: 'O', name: 'IP addresses', types: ['IP_ADDRESS'], limit: '' },
  { item: 'P', name: 'Biometric identifiers', types: [], limit: 'not text: refused with `ERR_REDACTION_NOT_TEXT`' },
  { item: 'Q', name: 'Full-face photographs', types: [], limit: 'not text: refused with `ERR_REDACTION_NOT_TEXT`' },
  {
    item: 'R',
    name: 'Any other unique number or code',
    types: ['OTHER_ID', 'NATIONAL_ID', 'TAX_ID', 'SECRET'],
    limit: 'behind a label, by dictionaries or by a detector of your own',
  },
];
