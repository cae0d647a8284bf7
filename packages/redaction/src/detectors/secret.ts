import type { Finding, FoldedDetector } from '../detector.ts';
import { findAll } from './find-all.ts';

/** One kind of secret: where it stands (group `value`, else the whole match) and how random it must be, in bits a character. */
interface SecretRule {
  readonly pattern: RegExp;
  readonly entropy: number;
}

// Keys with a prefix of their own need little entropy; values behind a word must look random. All repeats are bounded.
const RULES: readonly SecretRule[] = [
  { pattern: /(?<!\w)(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?!\w)/g, entropy: 3 },
  { pattern: /(?<!\w)(?:gh[pousr]_[A-Za-z0-9]{36,80}|github_pat_\w{40,90})(?!\w)/g, entropy: 3 },
  { pattern: /(?<!\w)glpat-[\w-]{20,64}(?!\w)/g, entropy: 3 },
  { pattern: /(?<!\w)xox[abeoprs]-[A-Za-z0-9-]{10,120}/g, entropy: 3 },
  { pattern: /(?<!\w)[srp]k_(?:live|test)_[A-Za-z0-9]{16,120}(?!\w)/g, entropy: 3 },
  { pattern: /(?<!\w)sk-(?:proj-|ant-)?[\w-]{20,200}(?!\w)/g, entropy: 3.5 },
  { pattern: /(?<!\w)AIza[\w-]{35}(?!\w)/g, entropy: 3 },
  { pattern: /(?<!\w)(?:hf|npm|dckr_pat)_[A-Za-z0-9_-]{26,64}(?!\w)/g, entropy: 3 },
  { pattern: /(?<!\w)SG\.[\w-]{22}\.[\w-]{43}(?!\w)/g, entropy: 3 },
  { pattern: /(?<![\w.-])eyJ[\w-]{8,4096}\.eyJ[\w-]{8,4096}\.[\w-]{0,2048}/g, entropy: 3 },
  {
    pattern: /-----BEGIN [A-Z ]{0,24}PRIVATE KEY-----[^-]{16,8192}-----END [A-Z ]{0,24}PRIVATE KEY-----/g,
    entropy: 0,
  },
  { pattern: /(?<!\w)[a-z][a-z0-9+]{2,15}:\/\/[^\s:@/]{1,64}:(?<value>[^\s:@/]{1,128})(?=@[\w.-])/gi, entropy: 0 },
  {
    pattern:
      /\b(?:password|passwd|passphrase|pwd)(?: is|[ \t]?[:=])?[ \t]{0,2}['"`{]{0,2}(?<value>(?=[^\s'"`]{0,63}[\d!#$%^&*@])[^\s'"`{}]{6,64}?)(?=[.,;]?(?:['"`\s}]|$))/gi,
    entropy: 2,
  },
  {
    pattern:
      /\b(?:api[_ -]?key|secret[_ -]?key|access[_ -]?key|auth[_ -]?token|client[_ -]?secret|bearer|account ?key|private[_ -]?key|token|secret)['"]?(?: is|[ \t]?[:=])?[ \t]{0,2}['"`]?(?<value>[A-Za-z0-9+/_.=-]{20,256})/gi,
    entropy: 3.7,
  },
];

// What every rule has: most texts have none of it.
const TRIGGER =
  /A(?:KI|SI|BI|CC)A|gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|[srp]k[-_]|AIza|hf_|npm_|dckr_pat_|SG\.|eyJ|-----BEGIN|:\/\/|passw|passphrase|pwd|key|token|bearer|secret/i;

/** Keys, tokens, private keys, passwords of connection strings and values behind words such as `api_key`. */
export const secretDetector: FoldedDetector = {
  id: 'secret',
  view: 'folded',
  detect: (text) =>
    TRIGGER.test(text) ? RULES.flatMap((rule) => findAll(text, rule.pattern, (match) => judge(rule, match))) : [],
};

function judge({ entropy }: SecretRule, match: RegExpExecArray): Finding | undefined {
  const value = match.groups?.['value'] ?? match[0];
  if (entropyOf(value) < entropy) return undefined;
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
