/** One kind of secret. All repeats of its expression are bounded. */
export interface SecretRule {
  /** What a text must have for the rule to find anything: any of these. */
  readonly has: readonly string[];
  /** Where it stands: group `value`, else the whole match. */
  readonly pattern: RegExp;
  /** How random it must be, in bits a character: a prefix of its own needs little. */
  readonly entropy: number;
}

/** Keys by their form, and passwords in addresses. */
export const KEYS: readonly SecretRule[] = [
  // Clouds: AWS, Google, Azure storage and shared access signatures, DigitalOcean.
  { has: ['AKIA', 'ASIA', 'ABIA', 'ACCA'], pattern: /(?<!\w)(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?!\w)/g, entropy: 3 },
  {
    has: ['AIza', 'GOCSPX-', 'ya29.'],
    pattern: /(?<!\w)AIza[\w-]{35}(?!\w)|(?<!\w)GOCSPX-[\w-]{28}(?!\w)|(?<!\w)ya29\.[\w-]{20,512}/g,
    entropy: 3,
  },
  {
    has: ['AccountKey=', 'AccessKey=', 'sig='],
    pattern: /(?<=\b(?:AccountKey|SharedAccessKey)=)[A-Za-z\d+/]{40,88}={0,2}|(?<=[?&]sig=)[A-Za-z\d%+/]{40,120}/g,
    entropy: 3.5,
  },
  { has: ['_v1_'], pattern: /(?<!\w)do[opr]_v1_[\da-f]{64}(?!\w)/g, entropy: 3 },
  // Code hosting, packages, pipelines.
  {
    has: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
    pattern: /(?<!\w)(?:gh[pousr]_[A-Za-z\d]{36,80}|github_pat_\w{40,90})(?!\w)/g,
    entropy: 3,
  },
  {
    has: ['glpat-', 'glptt-', 'glrt-', 'gldt-', 'glft-', 'glsoat-'],
    pattern: /(?<!\w)gl(?:pat|ptt|rt|dt|ft|soat)-[\w-]{20,64}(?!\w)/g,
    entropy: 3,
  },
  {
    has: ['hf_', 'npm_', 'dckr_pat_', 'pul-', 'lin_api_', 'sntrys_', 'pypi-AgE'],
    pattern:
      /(?<!\w)(?:hf|npm|dckr_pat|lin_api|sntrys)_[\w-]{26,200}(?!\w)|(?<!\w)pul-[\da-f]{40}(?!\w)|(?<!\w)pypi-AgE[\w-]{50,512}/g,
    entropy: 3,
  },
  {
    has: ['ATATT3', 'ATCTT3', 'dp.'],
    pattern: /(?<!\w)(?:ATATT3|ATCTT3)[\w=-]{50,512}|(?<!\w)dp\.(?:pt|st|ct|sa)\.[A-Za-z\d]{40,60}(?!\w)/g,
    entropy: 3,
  },
  // Messages and payments.
  {
    has: ['xox', 'xapp-'],
    pattern: /(?<!\w)xox[abeoprs]-[A-Za-z\d-]{10,120}|(?<!\w)xapp-\d-[A-Za-z\d-]{20,160}/g,
    entropy: 3,
  },
  {
    has: ['hooks.slack.com/', '/api/webhooks/'],
    pattern:
      /(?<=hooks\.slack\.com\/(?:services|workflows)\/)[\w/]{30,80}|(?<=discord(?:app)?\.com\/api\/webhooks\/)\d{15,22}\/[\w-]{50,90}/g,
    entropy: 3,
  },
  {
    has: ['_live_', '_test_', 'whsec_'],
    pattern: /(?<!\w)(?:[srp]k_(?:live|test)|whsec)_[A-Za-z\d]{16,120}(?!\w)/g,
    entropy: 3,
  },
  {
    has: ['SG.', 'SK', 'AC', ':AA'],
    pattern:
      /(?<!\w)SG\.[\w-]{22}\.[\w-]{43}(?!\w)|(?<!\w)(?:SK|AC)[\da-f]{32}(?!\w)|(?<!\w)\d{8,10}:AA[\w-]{33}(?!\w)/g,
    entropy: 3,
  },
  {
    has: ['shpat_', 'shpca_', 'shppa_', 'shpss_', 'sq0'],
    pattern: /(?<!\w)shp(?:at|ca|pa|ss)_[\da-fA-F]{32}(?!\w)|(?<!\w)sq0[a-z]{3}-[\w-]{22,43}(?!\w)/g,
    entropy: 3,
  },
  // Models, data, stores of secrets.
  {
    has: ['sk-', 'gsk_', 'xai-', 'r8_'],
    pattern:
      /(?<!\w)sk-(?:proj-|ant-|or-v1-|svcacct-)?[\w-]{20,200}(?!\w)|(?<!\w)(?:gsk|xai|r8)[_-][A-Za-z\d]{36,100}(?!\w)/g,
    entropy: 3.5,
  },
  {
    has: ['hvs.', 'hvb.', 'hvr.', 'dapi', 'AGE-SECRET-KEY-1'],
    pattern: /(?<!\w)(?:hv[sbr]\.[\w-]{24,300}|dapi[\da-f]{32}|AGE-SECRET-KEY-1[A-Z\d]{58})(?!\w)/g,
    entropy: 3,
  },
  // Tokens and keys by their form.
  { has: ['eyJ'], pattern: /(?<![\w.-])eyJ[\w-]{8,4096}\.eyJ[\w-]{8,4096}\.[\w-]{0,2048}/g, entropy: 3 },
  {
    has: ['-----BEGIN'],
    pattern:
      /-----BEGIN [A-Z ]{0,24}PRIVATE KEY(?: BLOCK)?-----[^-]{16,8192}-----END [A-Z ]{0,24}PRIVATE KEY(?: BLOCK)?-----/g,
    entropy: 0,
  },
];

/** Passwords in addresses. */
export const IN_ADDRESSES: SecretRule = {
  has: ['@'],
  pattern: /(?<!\w)[a-z][a-z\d+]{2,15}:\/\/[^\s:@/]{1,64}:(?<value>[^\s:@/]{1,128})(?=@[\w.-])/gi,
  entropy: 0,
};

/** Values behind their word: in connection strings, in headers, in settings. What they need stands in lower case. */
export const WORDED: readonly SecretRule[] = [
  {
    has: ['password=', 'pwd='],
    pattern: /(?<=;\s?(?:password|pwd)=)[^;\s'"]{3,128}|(?<=\b(?:password|pwd)=)[^;\s'"]{3,128}(?=;)/gi,
    entropy: 0,
  },
  {
    has: ['passw', 'passphrase', 'pwd'],
    pattern:
      /\b(?:password|passwd|passphrase|pwd)["']?(?: is[ \t:]|[ \t]?[:=]|[ \t])[ \t]{0,2}['"`{]{0,2}(?<value>(?=[^\s'"`]{0,63}[\d!#$%^&*@])[^\s'"`{}]{6,64}?)(?=[.,;]?(?:['"`\s}]|$))/gi,
    entropy: 2,
  },
  {
    has: ['authorization'],
    pattern: /\bauthorization["']?: ?["']?basic (?<value>[A-Za-z\d+/]{8,256}={0,2})/gi,
    entropy: 2.5,
  },
  {
    has: ['key', 'token', 'bearer', 'secret'],
    pattern:
      /\b(?:api[_ -]?key|(?:client|app|aws|shared|webhook|signing)?[_ -]?secret(?:[_ -]?(?:access)?[_ -]?key)?|access[_ -]?(?:key|token)|auth[_ -]?token|refresh[_ -]?token|bearer|account ?key|private[_ -]?key|token)["']?(?: is|[ \t]?[:=])?[ \t]{0,2}['"`]?(?<value>(?=[A-Za-z+/_.=-]{0,255}\d)[A-Za-z\d+/_.=-]{20,256})/gi,
    entropy: 3.7,
  },
];
