import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { isCloisterError, sha256, toBase64, toHex } from '@cloister/core';
import { describe, expect, test } from 'vitest';
import { loadPhalaV4, loadTrusteeDebug } from '../evidence/load-vectors.ts';
import { mutateCase, type TdxCase } from '../evidence/mutate-case.ts';
import { answer } from './evidence.ts';

const phala = loadPhalaV4();
const line = {
  id: 1,
  tee: 'tdx',
  evidence: toBase64(phala.quote),
  collateral: phala.collateral,
  at: '2025-06-20T00:00:00Z',
};

/** The answer as the program prints it: an error becomes a malformed verdict. */
async function ask(question: object): Promise<Record<string, unknown>> {
  return answer(question).then(
    (value) => value as Record<string, unknown>,
    (error: unknown) => ({ verdict: 'malformed', code: isCloisterError(error) ? error.code : 'foreign error' }),
  );
}

describe('answers', () => {
  test('accept with status and fields', async () => {
    expect(await ask(line)).toMatchObject({
      id: 1,
      verdict: 'accept',
      status: 'UpToDate',
      advisories: [],
      fields: { version: 4, xfam: 'e702060000000000' },
    });
  });

  test('reject in strict, accept in cryptography for what only policy refuses', async () => {
    const { quote, collateral } = loadTrusteeDebug();
    const debug = { ...line, evidence: toBase64(quote), collateral, at: '2023-07-01T00:00:00Z' };
    expect(await ask(debug)).toMatchObject({ verdict: 'reject', code: 'ERR_EVIDENCE_TD_DEBUG', status: 'UpToDate' });
    expect(await ask({ ...debug, policy: 'cryptography' })).toMatchObject({ verdict: 'accept', status: 'UpToDate' });
  });

  test('without collateral only in cryptography', async () => {
    const { collateral: _, ...bare } = line;
    expect(await ask(bare)).toMatchObject({ verdict: 'reject', code: 'ERR_EVIDENCE_COLLATERAL_MISSING' });
    expect(await ask({ ...bare, policy: 'cryptography' })).toMatchObject({ verdict: 'accept' });
  });

  test.each([
    [{ workload: { mrTd: 'ab'.repeat(48) } }, 'ERR_EVIDENCE_MEASUREMENT_MISMATCH'],
    [{ minimumEvaluationNumber: 18 }, 'ERR_EVIDENCE_COLLATERAL_TOO_OLD'],
    [{ acceptedTcb: ['OutOfDate'] }, 'ERR_EVIDENCE_TCB_NOT_ACCEPTED'],
  ])('policy %j', async (policy, code) => {
    expect(await ask({ ...line, policy })).toMatchObject({ verdict: 'reject', code });
  });

  test.each([
    [{ tee: 'sgx' }],
    [{ evidence: 'not base64' }],
    [{ evidence: 7 }],
    [{ at: 'yesterday' }],
    [{ at: undefined }],
    [{ evidence: 'AA==' }],
    [{ policy: { debug: true } }],
    [{ policy: { acceptedTcb: ['Revoked'] } }],
    [{ policy: 'lenient' }],
  ])('%j is malformed', async (change) => {
    expect(await ask({ ...line, ...change })).toMatchObject({ verdict: 'malformed' });
  });

  test.each([[{ collateral: {} }], [{ collateral: 'x' }], [{ collateral: null }]])('%j is refused', async (change) => {
    expect((await ask({ ...line, ...change }))['verdict']).not.toBe('accept');
  });
});

const { CLOISTER_EVAL_DATA } = process.env;

describe.skipIf(CLOISTER_EVAL_DATA === undefined)('mutated cases (skipped without CLOISTER_EVAL_DATA)', () => {
  test('every TDX case gets the expected verdict', async () => {
    const folder = new URL('attestation/', `${pathToFileURL(CLOISTER_EVAL_DATA ?? '.').href}/`);
    const lines = readFileSync(new URL('cases/tdx-cases.jsonl', folder), 'utf8').trim().split('\n');
    const cases = lines.map((text) => JSON.parse(text) as TdxCase).filter(({ file }) => file.startsWith('tdx/'));
    const wrong: string[] = [];
    for (const given of cases) {
      const { quote, collateral, at } = mutateCase(given, folder);
      if (toHex(sha256(quote)) !== given.sha256) wrong.push(`${given.file} ${given.case}: different bytes`);
      const { verdict } = await ask({ tee: 'tdx', evidence: toBase64(quote), collateral, at });
      const isAccepted = verdict === 'accept';
      if (given.expect !== 'either' && (given.expect === 'accept') !== isAccepted)
        wrong.push(`${given.file} ${given.case}`);
    }
    expect(cases.length).toBeGreaterThan(800);
    expect(wrong).toEqual([]);
  });
});
