import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { sha256, toBase64, toHex, utf8 } from '@cloister/core';
import { describe, expect, test } from 'vitest';
import { GENUINE_NAMES, type GenuineName, loadList, loadSnp } from '../evidence/load-snp.ts';
import { mutateSnpCase, type SnpCase } from '../evidence/snp-cases.ts';
import { answer } from './evidence.ts';

function ask(name: GenuineName, change: object = {}): Promise<object> {
  const { report, certs, at } = loadSnp(name);
  const line = { id: name, tee: 'sev-snp', evidence: toBase64(report), certs: certs.map(toBase64) };
  return answer({ ...line, at: new Date(at).toISOString(), policy: 'cryptography', ...change });
}

describe('genuine reports', () => {
  test.each(GENUINE_NAMES)('%s is accepted as cryptography, with its fields', async (name) => {
    expect(await ask(name)).toMatchObject({ id: name, verdict: 'accept', fields: { sig_algo: 1 } });
  });

  const crl = [toBase64(loadList('genoa'))];

  test('in order in everything: accepted in strict, with the list of its root', async () => {
    const fields = { version: 5, cpuid_model: 0xa0, reported_tcb: { fmc: null, bl: 10, tee: 0, snp: 27, ucode: 27 } };
    expect(await ask('attrs-genoa-v5', { policy: 'strict', crl })).toMatchObject({ verdict: 'accept', fields });
    expect(await ask('attrs-genoa-v5', { policy: undefined })).toMatchObject({
      verdict: 'reject',
      code: 'ERR_EVIDENCE_SNP_LIST_MISSING',
    });
  });

  test.each([
    ['google-milan', 'strict', 'ERR_EVIDENCE_SNP_LIST_MISSING'],
    [
      'attrs-genoa-v5',
      { minimumTcb: { Genoa: { bootloader: 10, tee: 0, snp: 28, microcode: 27 } } },
      'ERR_EVIDENCE_SNP_TCB_TOO_OLD',
    ],
    ['attrs-genoa-v5', { platform: { smt: false } }, 'ERR_EVIDENCE_SNP_PLATFORM'],
  ] as const)('%s under %j is rejected', async (name, policy, code) => {
    expect(await ask(name, { policy, ...(name === 'attrs-genoa-v5' ? { crl } : {}) })).toMatchObject({
      verdict: 'reject',
      code,
    });
  });

  test('a nonce is what the report data begins with', async () => {
    const nonce = toHex(utf8('attest-test-fixture-2026'));
    expect(await ask('dstack-milan', { nonce })).toMatchObject({ verdict: 'accept' });
    expect(await ask('dstack-milan', { nonce: '00' })).toMatchObject({ code: 'ERR_EVIDENCE_NONCE_MISMATCH' });
  });

  test.each([
    [{ evidence: 'AA==' }, 'malformed'],
    [{ evidence: toBase64(utf8(`HCLA${'\0'.repeat(2000)}`)) }, 'unsupported'],
    [{ certs: [] }, 'reject'],
    [{ certs: undefined }, 'reject'],
    [{ crl: ['AA=='] }, 'reject'],
    [{ policy: { minimumTcb: {} } }, 'throws'],
    [{ policy: 'lenient' }, 'throws'],
    [{ certs: 'x' }, 'throws'],
    [{ crl: 'x' }, 'throws'],
  ])('%j: %s', async (change, verdict) => {
    const given = await ask('dstack-milan', change).catch(() => ({ verdict: 'throws' }));
    expect(given).toMatchObject({ verdict });
  });
});

const { CLOISTER_EVAL_DATA } = process.env;
const folder = new URL('attestation/', `${pathToFileURL(CLOISTER_EVAL_DATA ?? '.').href}/`);

function readLines<Line>(name: string): readonly Line[] {
  const lines = readFileSync(new URL(`cases/${name}`, folder), 'utf8')
    .trim()
    .split('\n');
  return lines.map((text) => JSON.parse(text) as Line);
}

interface Expected {
  readonly file: string;
  readonly vek: string;
  readonly case: string;
  readonly oracle: string;
  readonly fields?: object;
}

describe.skipIf(CLOISTER_EVAL_DATA === undefined)('cases (skipped without CLOISTER_EVAL_DATA)', () => {
  test('every case gets the expected verdict, and every accepted one the fields that another parser reads', async () => {
    const read = new Map(
      readLines<Expected>('snp-expected.jsonl')
        .filter(({ oracle, fields }) => oracle.startsWith('sev@') && fields !== undefined)
        .map(({ file, vek, case: name, fields }) => [`${file} ${vek} ${name}`, fields]),
    );
    const wrong: string[] = [];
    let compared = 0;
    const cases = readLines<SnpCase>('snp-cases.jsonl');
    for (const given of cases) {
      const { report, certs, at } = mutateSnpCase(given, folder);
      const name = `${given.file} ${given.vek} ${given.case}`;
      if (toHex(sha256(report)) !== given.sha256) wrong.push(`${name}: different bytes`);
      const question = { tee: 'sev-snp', evidence: toBase64(report), certs: certs.map(toBase64) };
      const { verdict, fields } = (await answer({
        ...question,
        at: new Date(at).toISOString(),
        policy: 'cryptography',
      })) as { verdict: string; fields?: object };
      if (given.expect !== 'either' && (verdict === 'accept') !== (given.expect === 'accept')) wrong.push(name);
      const expected = read.get(name);
      if (verdict !== 'accept' || expected === undefined) continue;
      compared++;
      expect({ name, fields }).toEqual({ name, fields: expected });
    }
    expect(cases.length).toBeGreaterThan(700);
    expect(compared).toBeGreaterThan(3);
    expect(wrong).toEqual([]);
  });
});
