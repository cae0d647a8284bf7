import { describe, expect, it } from 'vitest';
import { createRedactor } from '../create-redactor.ts';

const redactor = createRedactor({ patterns: { mrn: '(?:SA|LG)-\\d{6}', member: 'HP\\d{8}' } });

/** What is found, as `TYPE value`. */
function find(text: string): string[] {
  return redactor.redactSync(text).detections.map(({ type, start, end }) => `${type} ${text.slice(start, end)}`);
}

describe('what is found', () => {
  it.each([
    ['Write to jo.doe+x@mail.example.co.uk.', 'EMAIL jo.doe+x@mail.example.co.uk'],
    ['Write to "jo doe"@example.org, please', 'EMAIL "jo doe"@example.org'],
    ['<M\u00fcller@b\u00fccher.example>', 'EMAIL M\u00fcller@b\u00fccher.example'],
    ['UPI id asha.rao@okicici, please', 'EMAIL asha.rao@okicici'],
    ['taxpayer 912-XX-XXXX on file', 'US_SSN 912-XX-XXXX'],
    ['taxpayer 912-**-4567 on file', 'US_SSN 912-**-4567'],
    ['llame al 912345678 ma\u00f1ana', 'PHONE 912345678'],
    ['call +44 20 7946 0958 now', 'PHONE +44 20 7946 0958'],
    ['call (617) 555-0142, then', 'PHONE (617) 555-0142'],
    ['at 617-555-0142 x45.', 'PHONE 617-555-0142 x45'],
    ['Phone: 467 3395', 'PHONE 467 3395'],
    ['paid with 4111 1111 1111 1111.', 'CREDIT_CARD 4111 1111 1111 1111'],
    ['my card 6759-6498-2648', 'CREDIT_CARD 6759-6498-2648'],
    ['paid with 378282246310005', 'CREDIT_CARD 378282246310005'],
    ['SSN 140-79-7943', 'US_SSN 140-79-7943'],
    ['ITIN 912-73-4567', 'US_SSN 912-73-4567'],
    ['to GB33 NWBK 0180 9923 1499 22 today', 'IBAN GB33 NWBK 0180 9923 1499 22'],
    ['from 192.0.2.17, port 80', 'IP_ADDRESS 192.0.2.17'],
    ['from 2001:db8::1:2 over', 'IP_ADDRESS 2001:db8::1:2'],
    ['see https://a.example/x_(y)?q=1.', 'URL https://a.example/x_(y)?q=1'],
    ['see www.a.example/x, then', 'URL www.a.example/x'],
    ['https://user@host.example/2026-01-02', 'URL https://user@host.example/2026-01-02'],
    ['MRN: 4471882 seen', 'MRN 4471882'],
    ['file SA-204417 seen', 'MRN SA-204417'],
    ['born 04/17/1958', 'DATE 04/17/1958'],
    ['born 17.04.1958', 'DATE 17.04.1958'],
    ['on 2026-03-12T10:20:00Z', 'DATE 2026-03-12T10:20:00Z'],
    ['on March 12th, 2026 she', 'DATE March 12th, 2026'],
    ['on 12 March 2026', 'DATE 12 March 2026'],
    ['on the 3rd of MAY', 'DATE 3rd of MAY'],
    ['in March 2026', 'DATE March 2026'],
    ['key AKIAQ3EGRZ7XK2WMN5PB leaked', 'SECRET AKIAQ3EGRZ7XK2WMN5PB'],
    ['password: hunter!27x.', 'SECRET hunter!27x'],
    ['at postgres://app:s3cr3t@db/main', 'SECRET s3cr3t'],
    ['seen 00:1b:44:11:3a:b7 there', 'MAC_ADDRESS 00:1b:44:11:3a:b7'],
    ['My name is Rubija', 'PERSON Rubija'],
    ['ask Dr. Long about it', 'PERSON Long'],
    ['moved here from Norway', 'LOCATION Norway'],
    ['she works at Veridium Corp now', 'ORGANIZATION Veridium Corp'],
    ['lives at 12 Elm Street, Boston, MA 02118 now', 'ADDRESS 12 Elm Street, Boston, MA 02118'],
    ['wohnt Ziegelgasse 19 dort', 'ADDRESS Ziegelgasse 19'],
    ['BIC: CAIXESBBXXX', 'BIC CAIXESBBXXX'],
    ['sent to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', 'CRYPTO_ADDRESS 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'],
    ['see bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq now', 'CRYPTO_ADDRESS bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq'],
    ['Medicare 1EG4-TE5-MK73 on file', 'MEMBER_ID 1EG4-TE5-MK73'],
    ['the policy QXB40119235 lapsed', 'MEMBER_ID QXB40119235'],
    ['Versichertennr. B412356789', 'MEMBER_ID B412356789'],
    ['plan HP20481123 on file', 'MEMBER_ID HP20481123'],
    ['policy number HX-99120-7734', 'MEMBER_ID HX-99120-7734'],
    ['bank account number 3847283911 closed', 'BANK_ACCOUNT 3847283911'],
    ["driver's license number D245-938-19-203", 'LICENSE D245-938-19-203'],
    ['car reg AB12 CDE', 'LICENSE_PLATE AB12 CDE'],
    ['RJ123456,07700 900123', 'PHONE 07700 900123'],
    ['NI number: QQ 12 34 56 C', 'NATIONAL_ID QQ 12 34 56 C'],
    ['seen, JG 10 37 59 A, today', 'NATIONAL_ID JG 10 37 59 A'],
    ['NINO JG103759A on file', 'NATIONAL_ID JG103759A'],
    ['filed under 11010519491231002X', 'NATIONAL_ID 11010519491231002X'],
    ['\u51fa\u751f\u65e5\u671f1985\u5e743\u670815\u65e5', 'DATE 1985\u5e743\u670815\u65e5'],
    ['1985\ub144 3\uc6d4 15\uc77c', 'DATE 1985\ub144 3\uc6d4 15\uc77c'],
    ['the doctor (GMC 7654321)', 'LICENSE 7654321'],
    ['NMC PIN 12A3456E', 'LICENSE 12A3456E'],
    ['passport no. XG9382049 expired', 'PASSPORT XG9382049'],
    ['Tax ID 94-2841935 on file', 'TAX_ID 94-2841935'],
    ['registration KX19 FDP, blue', 'LICENSE_PLATE KX19 FDP'],
    ['plate no. 482 JKL was seen', 'LICENSE_PLATE 482 JKL'],
    ['Kennzeichen: HH AB 1203', 'LICENSE_PLATE HH AB 1203'],
    ['the number plate is BDE 730.', 'LICENSE_PLATE BDE 730'],
    ['Group No. 55210-C applies', 'MEMBER_ID 55210-C'],
    ['A/C no: 20418837 (branch)', 'BANK_ACCOUNT 20418837'],
    ['patient_id=H-204881', 'MRN H-204881'],
    ['serial 5CD9382KLM broke', 'DEVICE_ID 5CD9382KLM'],
    ['Employee ID: E-204418 left', 'OTHER_ID E-204418'],
    ['NHC: 4396589.', 'MRN 4396589'],
    ['SSN XXX-XX-2409 shown', 'US_SSN XXX-XX-2409'],
    ['paid with **** **** **** 4242', 'CREDIT_CARD **** **** **** 4242'],
    ['gar.\n(06)58/547-4432 or', 'PHONE (06)58/547-4432'],
    ['a number +31(0)118-940078 there', 'PHONE +31(0)118-940078'],
    ['seen 3 de mayo de 2012', 'DATE 3 de mayo de 2012'],
    ['am 3. M\u00e4rz 2012', 'DATE 3. M\u00e4rz 2012'],
    ['at Berganbulevardi 88\n83557 Lapinj\u00e4rvi', 'ADDRESS Berganbulevardi 88\n83557 Lapinj\u00e4rvi'],
    ['Server=db1;Password=plainword;Encrypt=true', 'SECRET plainword'],
    ['token whsec_5f8Ah2kQ9xLmN3pR7tVw1yZb4cD6eG8h', 'SECRET whsec_5f8Ah2kQ9xLmN3pR7tVw1yZb4cD6eG8h'],
    ['he is 91 years old', 'AGE 91'],
    ['ZIP: 02118', 'POSTAL_CODE 02118'],
  ])('in %s', (text, expected) => {
    expect(find(text)).toEqual([expected]);
  });
});

describe('what is left alone', () => {
  it.each([
    'fixed by policy CVE-2024-12345 today',
    'jo@localhost and @handle and a@b',
    'INR 2.1, 2.6 and 2.4; BP 128/76 mmHg; 24/26 mg; 98.6',
    'version 1.2.3 of 10.20.300.4 and 1.2.3.4.5',
    'at 12:30:45 and std::vector and ::',
    'code 1234567890123 and order 99999',
    '2026-13-40 and 31/31/2020 and 1/2',
    'the March visit, may come, in 2026, Mayo',
    'GB34NWBK01809923149922',
    '000-12-3456 and 078-05-1120',
    'http:// and www. and https://',
    'PAN card and number 98765432112319',
    'ratio 1:2:3 and 10-40-70',
    'PASSWORD and BUSINESS are words, BIC or not',
    'policy 0x30000, account of 2023, patient 12 of 40, item 2606.23969',
    '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb and 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD fail',
    'part BG123456C, TN 12 34 56 D and QQ123456C',
    'filed under 110105194912310021 and 99999999999999999X',
    'paid 1,234 567 890 in all',
    'the GMC 2500 truck',
    'sizes 16/64/128/512, 12 / 136 / 1586, values 0.22-0.56, lens +3.00 -2.00, oid 1.2.643.3.131.1.1',
    'password = z.string().min(6), private_key = ed25519.Ed25519PrivateKey.from_private_bytes',
  ])('%s', (text) => {
    expect(find(text)).toEqual([]);
  });
});

describe('a wrong checksum', () => {
  it.each([
    ['card number 4111 1111 1111 1112', 'CREDIT_CARD'],
    ['IBAN GB34NWBK01809923149922', 'IBAN'],
    ['IBAN: DK500040044011624 is wrong', 'IBAN'],
    ['IBAN IN60 SBK0 0000 0000 0000', 'IBAN'],
    ['SSN 000-12-3456', 'US_SSN'],
    ['BTC wallet 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb', 'CRYPTO_ADDRESS'],
    ['eth wallet 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD', 'CRYPTO_ADDRESS'],
  ])('beside a keyword is hidden and reported as unverified: %s', (text, type) => {
    expect(redactor.redactSync(text).detections).toMatchObject([{ type, verified: false }]);
  });
});
