import { HIPAA_SAFE_HARBOR } from '@cloister/redaction';

/** The document about the Safe Harbor list, made from the data of the package. */
export function renderHipaaReference(): string {
  const rows = HIPAA_SAFE_HARBOR.map(({ item, name, types, limit }) => {
    const found = types.length === 0 ? 'nothing' : types.map((type) => `\`${type}\``).join(', ');
    return `| ${item} | ${name} | ${found} | ${limit} |`;
  });
  return `# HIPAA Safe Harbor

The identifiers of 45 CFR 164.514(b)(2)(i) and the types of \`@cloister/redaction\` that stand for them. Made from
\`HIPAA_SAFE_HARBOR\` by \`npx -y pnpm@12 write-docs\`. Masking is not a finding of compliance: detectors miss values.

| item | identifier | found as | limit |
|---|---|---|---|
${rows.join('\n')}
`;
}
