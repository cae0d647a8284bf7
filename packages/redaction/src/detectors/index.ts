import type { FoldedDetector } from '../detector.ts';
import { addressDetector } from './address/address.ts';
import { ageDetector } from './age.ts';
import { createDateDetector } from './date.ts';
import { emailDetector } from './email.ts';
import { creditCardDetector } from './credit-card.ts';
import { freeTextDetector } from './free-text/free-text.ts';
import { ibanDetector } from './iban.ts';
import { imeiDetector } from './imei.ts';
import { ipAddressDetector } from './ip-address.ts';
import { createMrnDetector } from './mrn.ts';
import { nhsNumberDetector } from './nhs-number.ts';
import { createPersonDetector } from './person.ts';
import { createPhoneDetector } from './phone.ts';
import { postalCodeDetector } from './postal-code.ts';
import { urlDetector } from './url.ts';
import { usAbaDetector } from './us-aba.ts';
import { usDeaDetector } from './us-dea.ts';
import { usNpiDetector } from './us-npi.ts';
import { usSsnDetector } from './us-ssn.ts';
import { vinDetector } from './vin.ts';

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

/** All built-in detectors. */
export function createDetectors(options: DetectorOptions): FoldedDetector[] {
  return [
    emailDetector,
    urlDetector,
    ipAddressDetector,
    creditCardDetector,
    ibanDetector,
    usSsnDetector,
    nhsNumberDetector,
    usNpiDetector,
    usDeaDetector,
    usAbaDetector,
    vinDetector,
    imeiDetector,
    createMrnDetector(options.patterns?.mrn),
    createPhoneDetector(options.regions),
    createDateDetector(),
    createPersonDetector(options.names ?? []),
    addressDetector,
    postalCodeDetector,
    ageDetector,
    freeTextDetector,
  ];
}
