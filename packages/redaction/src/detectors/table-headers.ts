import type { DetectionType } from '../types.ts';

/** What the cells below a header must look like to be values of its type. */
export interface Column {
  readonly type: DetectionType;
  /** Whether only tables of people have such a column: those of programs and places have names and addresses too. */
  readonly personal: boolean;
  readonly shape: RegExp;
}

const NAMED = /^(?!(?:n\/?a|none|unknown|nil|other|null|yes|no|tbc|tba)$)(?=.*\p{L})\D{2,80}$/iu;
const NUMBERED = /^(?=.*\d)[\p{L}\d][\p{L}\d ./-]{2,39}$/u;

const COLUMNS: readonly (readonly [DetectionType, RegExp, string])[] = [
  [
    'PERSON',
    NAMED,
    'name|patient|patient name|full name|fullname|first name|firstname|given name|forename|middle name|last name|lastname|surname|family name|maiden name|' +
      'doctor|consultant|physician|clinician|attending|provider|nurse|surgeon|gp|carer|next of kin|nok|guardian|mother|father|contact|contact name|' +
      'employee|employee name|customer|customer name|client|client name|member|member name|subscriber|insured|nombre|apellidos|paciente|nom|pr\u00e9nom|nachname|vorname|cognome|nome',
  ],
  ['MRN', NUMBERED, 'mrn|medical record|hospital|patient id|patientid|chart|nhc|pid'],
  ['MEMBER_ID', NUMBERED, 'member id|memberid|subscriber id|policy|policy id|insurance|insurance id|group'],
  ['US_SSN', /^\d{3}[ -]?\d{2}[ -]?\d{4}$/, 'ssn|social security'],
  [
    'PHONE',
    /^\+?[\d ().x/-]{6,24}$/,
    'phone|tel|telephone|mobile|cell|fax|phone home|home phone|work phone|contact phone',
  ],
  ['DATE', /^\d[\d ./-]{5,9}\d$/, 'dob|date of birth|birth date|birthdate|birthday|geburtsdatum|fecha de nacimiento'],
  ['AGE', /^\d{1,3}$/, 'age|edad|alter'],
  [
    'ADDRESS',
    /^(?=.*\p{L}).{5,120}$/u,
    'address|home address|street|street address|address line 1|address 1|direcci\u00f3n|adresse|anschrift',
  ],
  ['LOCATION', NAMED, 'city|town|county|ciudad|ville|ort'],
  ['POSTAL_CODE', /^(?=.*\d)[A-Z\d][A-Z\d -]{2,9}$/i, 'zip|zip code|zipcode|postcode|post code|postal code|plz'],
  ['BANK_ACCOUNT', NUMBERED, 'account|bank account|sort code|kontonummer'],
  ['OTHER_ID', NUMBERED, 'employee id|staff id|user id|customer id|client id|student id|badge'],
];

// Headers of tables about anything.
const COMMON: ReadonlySet<string> = new Set(
  'name nombre nom nome contact provider client member customer address city ciudad town county group account policy hospital chart badge pid ort ville'.split(
    ' ',
  ),
);

const HEADERS: ReadonlyMap<string, Column> = new Map(
  COLUMNS.flatMap(([type, shape, names]) =>
    names.split('|').map((name): [string, Column] => [name, { type, shape, personal: !COMMON.has(name) }]),
  ),
);

/** Every type that a column can have. */
export const COLUMN_TYPES: readonly DetectionType[] = COLUMNS.map(([type]) => type);

/** The column below a header; `undefined` when it says nothing of a person. */
export function readHeader(written: string): Column | undefined {
  const words = written
    .toLowerCase()
    .replace(/[_.:]+/g, ' ')
    .trim();
  return HEADERS.get(words) ?? HEADERS.get(words.replace(/ ?(?:number|no|num|nr|#)$/, ''));
}
