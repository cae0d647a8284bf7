import type { Finding, FoldedDetector } from '../detector.ts';
import { findAll } from './find-all.ts';
import { IN_ADDRESSES, KEYS, type SecretRule, WORDED } from './secret-rules.ts';

// A path of names or a call: code that mentions a secret.
const CODE = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$|\w\(/;

// One pass for what all keys need: few texts have any of it.
const ANY_KEY = new RegExp(KEYS.flatMap(({ has }) => has.map((need) => need.replace(/[^\w]/g, '\\$&'))).join('|'));

/** Keys, tokens and private keys by their form. */
export const secretKeyDetector: FoldedDetector = {
  id: 'secret-key',
  view: 'folded',
  detect: (text) => (ANY_KEY.test(text) ? find(text, text, KEYS) : []),
};

/** Passwords in addresses. */
export const secretAddressDetector: FoldedDetector = {
  id: 'secret-address',
  view: 'folded',
  detect: (text) => find(text, text, [IN_ADDRESSES]),
};

/** Values behind words such as `password` or `api_key`, and passwords of connection strings. */
export const secretWordDetector: FoldedDetector = {
  id: 'secret-word',
  view: 'folded',
  detect: (text) => find(text, text.toLowerCase(), WORDED),
};

/** @param searched the text in which a rule's needs are looked for */
function find(text: string, searched: string, rules: readonly SecretRule[]): Finding[] {
  return rules.flatMap((rule) =>
    rule.has.some((need) => searched.includes(need)) ? findAll(text, rule.pattern, (match) => judge(rule, match)) : [],
  );
}

function judge({ entropy }: SecretRule, match: RegExpExecArray): Finding | undefined {
  const value = match.groups?.['value'] ?? match[0];
  if (entropyOf(value) < entropy || (match.groups !== undefined && CODE.test(value))) return undefined;
  const start = match.index + match[0].lastIndexOf(value);
  return { type: 'SECRET', start, end: start + value.length, score: 0.9, verified: false };
}

const counts = new Int32Array(256);

/** Shannon entropy in bits a character; code units that differ by a multiple of 256 count as one. */
function entropyOf(value: string): number {
  let bits = 0;
  for (let index = 0; index < value.length; index++) (counts[value.charCodeAt(index) & 0xff] as number)++;
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index) & 0xff;
    const count = counts[code] as number;
    if (count > 0) bits -= (count / value.length) * Math.log2(count / value.length);
    counts[code] = 0;
  }
  return bits;
}
