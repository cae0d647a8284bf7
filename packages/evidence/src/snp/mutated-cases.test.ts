import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { isCloisterError, sha256, toHex } from '@cloister/core';
import { expect, test } from 'vitest';
import { mutateSnpCase, type SnpCase } from '../../../../test/evidence/snp-cases.ts';
import { verifySnpReport } from './verify-snp-report.ts';

const { CLOISTER_EVAL_DATA } = process.env;

test.skipIf(CLOISTER_EVAL_DATA === undefined)(
  'every mutated case gets the expected verdict (skipped without CLOISTER_EVAL_DATA)',
  async () => {
    const folder = new URL('attestation/', `${pathToFileURL(CLOISTER_EVAL_DATA ?? '.').href}/`);
    const lines = readFileSync(new URL('cases/snp-cases.jsonl', folder), 'utf8').trim().split('\n');
    const wrong: string[] = [];
    for (const given of lines.map((text) => JSON.parse(text) as SnpCase)) {
      const { report, certs, at } = mutateSnpCase(given, folder);
      if (toHex(sha256(report)) !== given.sha256) wrong.push(`${given.file} ${given.case}: different bytes`);
      const verdict = await verifySnpReport(report, { now: at, certs, mode: 'cryptography' }).then(
        () => 'accept',
        (error: unknown) => (isCloisterError(error) ? 'reject' : 'foreign error'),
      );
      if (given.expect !== 'either' && given.expect !== verdict) wrong.push(`${given.file} ${given.vek} ${given.case}`);
      if (verdict === 'foreign error') wrong.push(`${given.file} ${given.case}: foreign error`);
    }
    expect(lines.length).toBeGreaterThan(700);
    expect(wrong).toEqual([]);
  },
);
