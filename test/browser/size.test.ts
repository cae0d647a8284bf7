import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { bundle } from './bundle.ts';

const reference = readFileSync(new URL('../../docs/reference/evidence-codes.md', import.meta.url), 'utf8');

/** The codes and checks that the reference lists for one kind of evidence. */
function namesOf(kind: string): readonly string[] {
  const [, section = ''] = reference.split(`## ${kind}\n`);
  const [own = ''] = section.split('\n## ');
  return [...own.matchAll(/`((?:ERR_EVIDENCE_|[a-z]+\.)[A-Za-z0-9_.-]+)`/g)].map(([, name = '']) => name);
}

const SNP = namesOf('AMD SEV-SNP');
const NVIDIA = [...namesOf('NVIDIA GPUs'), ...namesOf('NVIDIA reference manifests')];
const found = (code: string, names: readonly string[]): readonly string[] =>
  names.filter((name) => code.includes(`"${name}"`) || code.includes(`\`${name}\``) || code.includes(`${name}:`));

describe('evidence in a browser', () => {
  test('is at most 60 kB, minified and compressed, without the parser of manifests', async () => {
    const code = await bundle('packages/evidence/src/index.ts');
    expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(60_000);
    expect(code).not.toMatch(/\bDOMParser\b/);
    expect(code).not.toMatch(/["'`]node:/);
    // The control of the test below: what it looks for is found where it is.
    expect(found(code, SNP).length).toBeGreaterThan(20);
    expect(found(code, NVIDIA).length).toBeGreaterThan(40);
  });

  test('for TDX alone holds nothing of SEV-SNP and NVIDIA', async () => {
    const code = await bundle('packages/evidence/src/tdx/index.ts');
    expect(found(code, [...SNP, ...NVIDIA])).toEqual([]);
    expect(found(code, namesOf('Intel TDX')).length).toBeGreaterThan(40);
  });

  test.each([
    ['snp', namesOf('Intel TDX')],
    ['nvidia', [...namesOf('Intel TDX'), ...SNP]],
    ['x509', [...namesOf('Intel TDX'), ...SNP, ...NVIDIA]],
  ])('for %s alone holds nothing of the others', async (entry, others) => {
    expect(found(await bundle(`packages/evidence/src/${entry}/index.ts`), others)).toEqual([]);
  });
});
