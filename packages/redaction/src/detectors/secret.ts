import type { Finding, FoldedDetector } from '../detector.ts';
import { findAll } from './find-all.ts';
import { IN_ADDRESSES, KEYS, type SecretRule, WORDED } from './secret-rules.ts';

// A path of names or a call: code that mentions a secret.
const CODE = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$|\w\(/;

// One pass for what all rules need: few texts have any of it.
const ANY_KEY = anyOf(KEYS, '');
const ANY_WORD = anyOf(WORDED, 'i');

function anyOf(rules: readonly SecretRule[], flags: string): RegExp {
  const needs = rules.flatMap(({ has }) => has.map((need) => need.replace(/[^\w]/g, '\\$&')));
  return new RegExp(needs.join('|'), flags);
}

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
  detect: (text) => (ANY_WORD.test(text) ? find(text, text.toLowerCase(), WORDED) : []),
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

/** Shannon entropy in bits a character. */
function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}
