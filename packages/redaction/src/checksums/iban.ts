const LENGTHS_BY_COUNTRY =
  'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 ' +
  'FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 ' +
  'LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 ' +
  'SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30';

const LENGTHS: ReadonlyMap<string, number> = new Map(
  LENGTHS_BY_COUNTRY.split(' ').map((entry) => [entry.slice(0, 2), Number(entry.slice(2))] as const),
);

/** How many characters an IBAN of this country has (SWIFT IBAN registry); `undefined` for a country without IBANs. */
export function ibanLength(country: string): number | undefined {
  return LENGTHS.get(country.toUpperCase());
}

/** Whether a text without spaces is an IBAN: country length and ISO 7064 MOD 97-10 (ISO 13616-1 clause 6). */
export function isIban(text: string): boolean {
  const upper = text.toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(upper) || upper.length !== ibanLength(upper.slice(0, 2))) return false;
  let remainder = 0;
  for (const character of upper.slice(4) + upper.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}
