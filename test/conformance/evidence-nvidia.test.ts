import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { sha256, toBase64, toHex, utf8 } from '@cloister/core';
import { describe, expect, test } from 'vitest';
import { loadGpu } from '../evidence/load-nvidia.ts';
import { loadText } from '../evidence/load-vectors.ts';
import { askNvidiaCase, type NvidiaCase, splitChain } from '../evidence/nvidia-cases.ts';
import { answer } from './evidence.ts';

const at = '2026-11-24T00:00:00Z';
const trustee = loadGpu('trustee-hopper');

const certs = splitChain(new TextDecoder().decode(trustee.certChain));
const line = { tee: 'nvidia-spdm', evidence: toBase64(trustee.report), certs, at };

test('a genuine report is accepted, with its fields', async () => {
  const nonce = '931d8dd0add203ac3d8b4fbde75e115278eefcdceac5b87671a748f32364dfcb';
  expect(await answer({ ...line, nonce })).toMatchObject({
    verdict: 'accept',
    fields: { request_nonce: nonce, driver_version: '550.90.07', vbios_version: '96.00.9F.00.01' },
  });
  expect(await answer({ ...line, nonce: '00'.repeat(32) })).toMatchObject({ verdict: 'reject' });
});

test.each([
  [{ certs: [] }, 'reject'],
  [{ certs: undefined }, 'reject'],
  [{ evidence: 'AA==' }, 'malformed'],
  [{ tee: 'nvidia-nras' }, 'malformed'],
])('%j: %s', async (change, verdict) => {
  expect(await answer({ ...line, ...change })).toMatchObject({ verdict });
});

test('a genuine token under the key of another day is refused', async () => {
  const { x5c } = JSON.parse(loadText('nvidia/attrs-nras-x5c-chain.json')) as { x5c: string[] };
  const evidence = toBase64(utf8(loadText('nvidia/nras-hopper-v3.detached-eat.json')));
  const token = { tee: 'nvidia-nras', evidence, certs: x5c, at: '2026-06-09T00:00:00Z' };
  expect(await answer(token)).toMatchObject({ verdict: 'reject', code: 'ERR_EVIDENCE_NRAS_SIGNATURE' });
});

const { CLOISTER_EVAL_DATA } = process.env;
const folder = new URL('attestation/', `${pathToFileURL(CLOISTER_EVAL_DATA ?? '.').href}/`);

describe.skipIf(CLOISTER_EVAL_DATA === undefined)('cases (skipped without CLOISTER_EVAL_DATA)', () => {
  test('every report, reference manifest and token gets the expected verdict', async () => {
    const lines = readFileSync(new URL('cases/nvidia-expected.jsonl', folder), 'utf8').trim().split('\n');
    const wrong: string[] = [];
    const asked: Record<string, number> = {};
    for (const given of lines.map((text) => JSON.parse(text) as NvidiaCase)) {
      const input = askNvidiaCase(given, folder);
      if (input === undefined) continue;
      const { tee } = input.question as { tee: string };
      asked[tee] = (asked[tee] ?? 0) + 1;
      const name = `${given.file} ${JSON.stringify(given.mutation ?? given.token)}`;
      // The digest of a token is that of one of the tokens inside the answer.
      if (given.token === undefined && toHex(sha256(input.bytes)) !== given.sha256)
        wrong.push(`${name}: different bytes`);
      const { verdict } = (await answer(input.question)) as { verdict: string };
      if ((verdict === 'accept') !== (given.verdict === 'accept')) wrong.push(name);
    }
    expect(wrong).toEqual([]);
    expect(asked).toEqual({ 'nvidia-spdm': expect.any(Number), 'nvidia-rim': 2, 'nvidia-nras': 4 });
    expect(asked['nvidia-spdm']).toBeGreaterThan(50);
  });
});
