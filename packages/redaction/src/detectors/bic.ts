import type { FoldedDetector } from '../detector.ts';
import { findAll, findingOf } from './find-all.ts';

const CANDIDATE = /(?<![\w-])[A-Z]{4}([A-Z]{2})[A-Z\d]{2}(?:[A-Z\d]{3})?(?![\w-])/g;
const BEFORE = 48;
// The word for it, or the account number that it completes.
const ANNOUNCED =
  /\b(?:bic|swift)(?:[ -]?(?:code|bic|swift|no|nr|number|is)\b){0,3}[\s:#=.'"(/]{0,4}$|[A-Z]{2}\d{2}[A-Z\d ]{11,36}[\s,;/]{1,3}$/i;
const COUNTRIES: ReadonlySet<string> = new Set(
  (
    'AD AE AF AG AI AL AM AO AR AS AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CK CL CM CN CO CR CU CV CW CY CZ DE DJ ' +
    'DK DM DO DZ EC EE EG ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IQ IR IS IT JE JM JO ' +
    'JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NG NI NL ' +
    'NO NP NR NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TL TM TN ' +
    'TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW'
  ).split(' '),
);

/** Business identifier codes of banks (ISO 9362) behind BIC, SWIFT or an account number; `verified` means that their country exists. There is no check digit. */
export const bicDetector: FoldedDetector = {
  id: 'bic',
  view: 'folded',
  detect: (text) =>
    findAll(text, CANDIDATE, (match) =>
      COUNTRIES.has(match[1] ?? '') && ANNOUNCED.test(text.slice(Math.max(0, match.index - BEFORE), match.index))
        ? findingOf(match, 'BIC', 0.9, true)
        : undefined,
    ),
};
