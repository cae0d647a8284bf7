import type { FoldedDetector } from '../detector.ts';
import { addressDetector } from './address/address.ts';
import { ageDetector } from './age.ts';
import { createDateDetector } from './date.ts';
import { type Gate, gateDetectors } from './gate.ts';
import { DETECTION_TYPES, type DetectionType } from '../types.ts';
import { emailDetector } from './email.ts';
import { creditCardDetector } from './credit-card.ts';
import { freeTextDetector } from './free-text/free-text.ts';
import { ibanDetector } from './iban.ts';
import { imeiDetector } from './imei.ts';
import { ipAddressDetector } from './ip-address.ts';
import { macAddressDetector } from './mac-address.ts';
import { createMrnDetector } from './mrn.ts';
import { nationalIdDetector } from './national-id.ts';
import { nhsNumberDetector } from './nhs-number.ts';
import { createPersonDetector } from './person.ts';
import { createPhoneDetector } from './phone.ts';
import { postalCodeDetector } from './postal-code.ts';
import { secretDetector } from './secret.ts';
import { urlDetector } from './url.ts';
import { usAbaDetector } from './us-aba.ts';
import { usDeaDetector } from './us-dea.ts';
import { usNpiDetector } from './us-npi.ts';
import { usSsnDetector } from './us-ssn.ts';
import { vinDetector } from './vin.ts';

const dateDetector = createDateDetector();

/** What the built-in detectors need to know about a tenant. */
export interface DetectorOptions {
  /** Full names of people, as written in the tenant's records: at most 50,000. Surnames and initials follow from them. */
  readonly names?: readonly string[];
  /** The tenant's own formats. */
  readonly patterns?: {
    /** Source of a regular expression for medical record numbers, with bounded repeats only. */
    readonly mrn?: string;
  };
  /** Countries (ISO 3166-1 alpha-2) whose national phone formats are read; US (with it Canada) and GB unless given, at most 16. */
  readonly regions?: readonly string[];
}

/**
 * The built-in detectors of some types.
 * @param wanted the types that count; all of them unless given
 */
export function createDetectors(
  options: DetectorOptions,
  wanted: ReadonlySet<DetectionType> = new Set(DETECTION_TYPES),
): FoldedDetector[] {
  const gates: Gate[] = [
    { trigger: /[\w/+-]{16}|passw|passphrase|pwd|:\/\//i, detectors: [[secretDetector, 'SECRET']] },
    { trigger: /[\da-f]{2}[:.-][\da-f]{2}/i, detectors: [[macAddressDetector, 'MAC_ADDRESS']] },
    { trigger: /@/, detectors: [[emailDetector, 'EMAIL']] },
    { trigger: /:\/\/|www\./i, detectors: [[urlDetector, 'URL']] },
    { trigger: /::|\d\.\d|[\da-f]:[\da-f]/i, detectors: [[ipAddressDetector, 'IP_ADDRESS']] },
    {
      // Nine digits, with at most two other characters between two of them.
      trigger: /\d(?:[^\d]{0,2}\d){8}/,
      detectors: [
        [creditCardDetector, 'CREDIT_CARD'],
        [usSsnDetector, 'US_SSN'],
        [nhsNumberDetector, 'NHS_NUMBER'],
        [usNpiDetector, 'US_NPI'],
        [usAbaDetector, 'US_ABA'],
        [imeiDetector, 'IMEI'],
      ],
    },
    { trigger: /\d(?:[ .-]?\d){6}/, detectors: [[nationalIdDetector, 'NATIONAL_ID']] },
    { trigger: /[a-z]{2}\d{2}/i, detectors: [[ibanDetector, 'IBAN']] },
    { trigger: /[a-z0-9]{9}/i, detectors: [[usDeaDetector, 'US_DEA']] },
    { trigger: /[a-z0-9]{17}/i, detectors: [[vinDetector, 'VIN']] },
    {
      trigger: /\d(?:[^\d]{0,3}\d){5}/,
      detectors: [[createPhoneDetector(options.regions), 'PHONE']],
    },
    {
      trigger: /\d/,
      detectors: [
        [dateDetector, 'DATE'],
        [postalCodeDetector, 'POSTAL_CODE'],
        [ageDetector, 'AGE'],
      ],
    },
    { trigger: /(?:)/, detectors: [[createMrnDetector(options.patterns?.mrn), 'MRN']] },
    { trigger: /\d|corner of/i, detectors: [[addressDetector, 'ADDRESS', 'LOCATION', 'POSTAL_CODE']] },
    {
      trigger: /(?:)/,
      detectors: [
        [createPersonDetector(options.names ?? []), 'PERSON'],
        [freeTextDetector, 'PERSON', 'LOCATION', 'ORGANIZATION'],
      ],
    },
  ];
  return gateDetectors(gates, wanted);
}
