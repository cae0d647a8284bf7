import type { FoldedDetector } from '../detector.ts';
import { addressDetector } from './address/address.ts';
import { agedDetector, yearsDetector } from './age.ts';
import { eastAsianDateDetector, namedDateDetector, numericDateDetector } from './date.ts';
import { bicDetector } from './bic.ts';
import { createBrokenLinesDetector } from './broken-lines.ts';
import { type Gate, gateDetectors } from './gate.ts';
import { DETECTION_TYPES, type DetectionType } from '../types.ts';
import { cnResidentIdDetector } from './cn-resident-id.ts';
import { emailDetector } from './email.ts';
import { cryptoAddressDetector } from './crypto-address.ts';
import { creditCardDetector } from './credit-card.ts';
import { freeTextDetector } from './free-text/free-text.ts';
import { halfHiddenDetector } from './half-hidden.ts';
import { ibanDetector } from './iban.ts';
import { imeiDetector } from './imei.ts';
import { ipAddressDetector } from './ip-address.ts';
import { macAddressDetector } from './mac-address.ts';
import { nationalIdDetector } from './national-id.ts';
import { nhsNumberDetector } from './nhs-number.ts';
import { createPersonDetector } from './person.ts';
import { LABELLED_TYPES, labelledCodeDetector } from './labelled-code.ts';
import { createPatternDetector } from './pattern.ts';
import { createPhoneDetector } from './phone.ts';
import { announcedPostalCodeDetector, postalCodeDetector } from './postal-code.ts';
import { secretAddressDetector, secretKeyDetector, secretWordDetector } from './secret.ts';
import { urlDetector } from './url.ts';
import { createTermDetector, type Dictionary } from './terms.ts';
import { SHAPE } from './scan-text.ts';
import { tableDetector } from './table.ts';
import { COLUMN_TYPES } from './table-headers.ts';
import { ukNinoDetector } from './uk-nino.ts';
import { usAbaDetector } from './us-aba.ts';
import { usDeaDetector } from './us-dea.ts';
import { usNpiDetector } from './us-npi.ts';
import { usSsnDetector } from './us-ssn.ts';
import { vinDetector } from './vin.ts';

/** What the built-in detectors need to know about a tenant. */
export interface DetectorOptions {
  /** Full names of people, as written in the tenant's records: at most 100,000. Surnames and initials follow from them. */
  readonly names?: readonly string[];
  /** The tenant's own words by type. */
  readonly dictionaries?: readonly Dictionary[];
  /** The tenant's own formats. */
  readonly patterns?: {
    /** Source of a regular expression for medical record numbers, with bounded repeats only. */
    readonly mrn?: string;
    /** The same for member numbers of a health plan. */
    readonly member?: string;
  };
  /** Countries (ISO 3166-1 alpha-2) whose national phone formats are read; US (with it Canada) and GB unless given, at most 16. */
  readonly regions?: readonly string[];
}

function patternGates(patterns: DetectorOptions['patterns'] = {}): Gate[] {
  const { mrn, member } = patterns;
  return [
    ...(mrn === undefined ? [] : [[0, createPatternDetector('MRN', mrn, 'patterns.mrn'), 'MRN'] as const]),
    ...(member === undefined
      ? []
      : [[0, createPatternDetector('MEMBER_ID', member, 'patterns.member'), 'MEMBER_ID'] as const]),
  ];
}

/** Every built-in detector with what a text must have for it to run. */
export function createGates(options: DetectorOptions): readonly Gate[] {
  const phone: Gate = [SHAPE.sixDigits, createPhoneDetector(options.regions), 'PHONE'];
  const cards: Gate = [SHAPE.nineDigits, creditCardDetector, 'CREDIT_CARD'];
  const socialSecurity: Gate = [SHAPE.nineDigits, usSsnDetector, 'US_SSN'];
  const accounts: Gate = [SHAPE.lettersThenDigits, ibanDetector, 'IBAN'];
  const addresses: Gate = [SHAPE.colons | SHAPE.dotted, ipAddressDetector, 'IP_ADDRESS'];
  const broken = createBrokenLinesDetector({
    closed: [cards, socialSecurity, accounts, addresses],
    spaced: [phone, cards, socialSecurity],
  });
  return [
    [SHAPE.lines, tableDetector, ...COLUMN_TYPES],
    [SHAPE.lines, broken, 'PHONE', 'CREDIT_CARD', 'US_SSN', 'IBAN', 'IP_ADDRESS'],
    [SHAPE.dense, secretKeyDetector, 'SECRET'],
    [SHAPE.link, secretAddressDetector, 'SECRET'],
    [[SHAPE.dense | SHAPE.mark | SHAPE.digit, 'secret'], secretWordDetector, 'SECRET'],
    [SHAPE.hexPairs, macAddressDetector, 'MAC_ADDRESS'],
    [SHAPE.at, emailDetector, 'EMAIL'],
    [SHAPE.link, urlDetector, 'URL'],
    addresses,
    cards,
    socialSecurity,
    [SHAPE.digit, halfHiddenDetector, 'CREDIT_CARD', 'US_SSN'],
    [[SHAPE.nineDigits, 'nhs'], nhsNumberDetector, 'NHS_NUMBER'],
    [[SHAPE.nineDigits, 'provider'], usNpiDetector, 'US_NPI'],
    [[SHAPE.nineDigits, 'routing'], usAbaDetector, 'US_ABA'],
    [[SHAPE.nineDigits, 'device'], imeiDetector, 'IMEI'],
    [[SHAPE.sevenDigits, 'nationalId'], nationalIdDetector, 'NATIONAL_ID'],
    [SHAPE.nineDigits, cnResidentIdDetector, 'NATIONAL_ID'],
    [SHAPE.sixDigits, ukNinoDetector, 'NATIONAL_ID'],
    accounts,
    [SHAPE.registration, usDeaDetector, 'US_DEA'],
    [SHAPE.chassis, vinDetector, 'VIN'],
    phone,
    [SHAPE.dated, numericDateDetector, 'DATE'],
    [[SHAPE.digit, 'month'], namedDateDetector, 'DATE'],
    [SHAPE.digit, eastAsianDateDetector, 'DATE'],
    [[SHAPE.digit, 'postcode'], announcedPostalCodeDetector, 'POSTAL_CODE'],
    [SHAPE.digit, postalCodeDetector, 'POSTAL_CODE', 'LOCATION'],
    [[SHAPE.shortNumber, 'years'], yearsDetector, 'AGE'],
    [[SHAPE.shortNumber, 'aged'], agedDetector, 'AGE'],
    [SHAPE.digit, labelledCodeDetector, ...LABELLED_TYPES],
    [SHAPE.dense, cryptoAddressDetector, 'CRYPTO_ADDRESS'],
    [SHAPE.capitals, bicDetector, 'BIC'],
    ...patternGates(options.patterns),
    [0, addressDetector, 'ADDRESS', 'LOCATION'],
    [0, createPersonDetector(options.names ?? []), 'PERSON'],
    ...(options.dictionaries ?? []).map((dictionary): Gate => [0, createTermDetector(dictionary), dictionary.type]),
    [SHAPE.capital, freeTextDetector, 'PERSON', 'LOCATION', 'ORGANIZATION'],
  ];
}

/**
 * The built-in detectors of some types, as one.
 * @param wanted the types that count; all of them unless given
 */
export function createBuiltInDetector(
  options: DetectorOptions,
  wanted: ReadonlySet<DetectionType> = new Set(DETECTION_TYPES),
): FoldedDetector {
  return gateDetectors(createGates(options), wanted);
}
