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
    limit: 'the whole postal code is masked',
  },
  { item: 'C', name: 'Dates except years, ages over 89', types: ['DATE', 'AGE'], limit: 'every age is masked' },
  { item: 'D', name: 'Telephone numbers', types: ['PHONE'], limit: '' },
  { item: 'E', name: 'Fax numbers', types: ['PHONE'], limit: '' },
  { item: 'F', name: 'E-mail addresses', types: ['EMAIL'], limit: '' },
  { item: 'G', name: 'Social security numbers', types: ['US_SSN'], limit: '' },
  {
    item: 'H',
    name: 'Medical record numbers',
    types: ['MRN'],
    limit: 'beside a keyword, or by the tenant\u2019s pattern',
  },
  { item: 'I', name: 'Health plan numbers', types: ['NHS_NUMBER'], limit: 'others need a detector of the tenant' },
  {
    item: 'J',
    name: 'Account numbers',
    types: ['CREDIT_CARD', 'IBAN', 'US_ABA'],
    limit: 'domestic account numbers need a detector of the tenant',
  },
  {
    item: 'K',
    name: 'Certificate and licence numbers',
    types: ['US_NPI', 'US_DEA'],
    limit: 'driving licences need a detector of the tenant',
  },
  { item: 'L', name: 'Vehicle identifiers', types: ['VIN'], limit: 'licence plates need a detector of the tenant' },
  { item: 'M', name: 'Device identifiers', types: ['IMEI', 'MAC_ADDRESS'], limit: '' },
  { item: 'N', name: 'Web addresses', types: ['URL'], limit: 'with a scheme or www' },
  { item: 'O', name: 'IP addresses', types: ['IP_ADDRESS'], limit: '' },
  { item: 'P', name: 'Biometric identifiers', types: [], limit: 'not text: refused with `ERR_REDACTION_NOT_TEXT`' },
  { item: 'Q', name: 'Full-face photographs', types: [], limit: 'not text: refused with `ERR_REDACTION_NOT_TEXT`' },
  {
    item: 'R',
    name: 'Any other unique number or code',
    types: ['NATIONAL_ID', 'SECRET'],
    limit: 'others need a detector of the tenant',
  },
];
