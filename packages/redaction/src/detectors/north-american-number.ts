import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

const WRITTEN = /^1?([2-9]\d{2})[2-9]\d{6}$/;
const [UNASKED, ASSIGNED, UNASSIGNED] = [0, 1, 2] as const;
const areas = new Uint8Array(1000);

/**
 * The ten digits of a number of the North American plan when its area code is assigned; `undefined` when it is none. Asks the
 * metadata once for each area code: asking for each number costs fifty times as much, and the rest of the plan is one rule.
 * @param digits with or without the leading 1
 */
export function northAmericanNumber(digits: string): string | undefined {
  const area = WRITTEN.exec(digits)?.[1];
  if (area === undefined) return undefined;
  const index = Number(area);
  if (areas[index] === UNASKED)
    areas[index] = parsePhoneNumberFromString(`+1${area}2345678`)?.isValid() === true ? ASSIGNED : UNASSIGNED;
  return areas[index] === ASSIGNED ? digits.slice(-10) : undefined;
}
