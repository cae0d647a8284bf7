import fc from 'fast-check';
import { getCountries, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { describe, expect, it } from 'vitest';
import { internationalNumber, nationalNumber, readNumberingPlan } from './numbering-plans.ts';

const COUNTRIES = getCountries();
const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 5, maxLength: 12 }).map((all) => all.join(''));

/** What the library says of a number that it is asked for whole. */
function ask(written: string, country?: (typeof COUNTRIES)[number]): string | undefined {
  const options = country === undefined ? {} : { defaultCountry: country };
  const number = parsePhoneNumberFromString(written, { ...options, extract: false });
  return number?.isValid() === true ? number.number : undefined;
}

describe('numbering plans say what the library says', () => {
  it('of numbers with their calling code', () => {
    const seen = { valid: 0, different: 0 };
    fc.assert(
      fc.property(fc.constantFrom(...COUNTRIES), digits, (country, rest) => {
        const whole = `${getCountryCallingCode(country)}${rest}`;
        const expected = ask(`+${whole}`);
        const found = internationalNumber(whole);
        if (expected !== undefined) seen.valid++;
        if (expected !== found) seen.different++;
      }),
      { numRuns: 20_000, seed: 7 },
    );
    // Control: enough of them are numbers. Where a country rewrites prefixes, or shares its code, a few come out otherwise.
    expect(seen.valid).toBeGreaterThan(1_000);
    expect(seen.different / seen.valid).toBeLessThan(0.03);
  });

  it.each(['GB', 'DE', 'FR', 'ES', 'IN', 'AU', 'NL'] as const)('of numbers as dialled in %s', (country) => {
    const plan = readNumberingPlan(country);
    if (plan === undefined) throw new Error('no plan');
    fc.assert(
      fc.property(digits, (dialled) => {
        // Calls abroad begin differently in every country; two beginnings are read.
        if (/^(?:00|011)/.test(dialled)) return;
        expect(nationalNumber(plan, dialled)).toBe(ask(dialled, country));
      }),
      { numRuns: 3_000, seed: 7 },
    );
  });
});
