import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { concat, fromBase64, fromHex, sha256, toBase64, toHex, utf8 } from '@cloister/core';
import { describe, expect, test } from 'vitest';
import { loadGpu } from '../evidence/load-nvidia.ts';
import { loadText } from '../evidence/load-vectors.ts';
import { answer } from './evidence.ts';

const at = '2026-11-24T00:00:00Z';
const trustee = loadGpu('trustee-hopper');

function splitChain(pem: string): string[] {
  return (pem.match(/(?<=BEGIN CERTIFICATE-----\s)[^-]+/g) ?? []).map((body) => body.replaceAll(/\s/g, ''));
}

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

interface NvidiaCase {
  readonly file: string;
  readonly verdict: 'accept' | 'reject';
  readonly sha256: string;
  readonly chain_file?: string;
  readonly token?: string;
  readonly mutation?: {
    readonly op: string;
    readonly offset?: number;
    readonly mask?: number;
    readonly length?: number;
    readonly hex?: string;
  };
}

const { CLOISTER_EVAL_DATA } = process.env;
const folder = new URL('attestation/', `${pathToFileURL(CLOISTER_EVAL_DATA ?? '.').href}/`);

function read(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8').trim();
}

function mutate(base: Uint8Array, { mutation }: NvidiaCase): Uint8Array {
  if (mutation === undefined) return base;
  if (mutation.op === 'truncate') return base.slice(0, mutation.length);
  if (mutation.op === 'append') return concat(base, fromHex(mutation.hex ?? ''));
  const bytes = base.slice();
  bytes[mutation.offset ?? 0] = (bytes[mutation.offset ?? 0] ?? 0) ^ (mutation.mask ?? 0);
  return bytes;
}

function askAbout(given: NvidiaCase): { question: object; bytes: Uint8Array } {
  const [file = ''] = given.file.split('#');
  if (file.endsWith('.evidence.json')) {
    const [wrapper] = JSON.parse(read(file)) as [{ evidence: string; certificate: string }];
    const bytes = fromBase64(wrapper.evidence);
    const pem = new TextDecoder().decode(fromBase64(wrapper.certificate));
    return { bytes, question: { ...line, evidence: wrapper.evidence, certs: splitChain(pem) } };
  }
  const bytes = mutate(fromHex(read(file)), given);
  const chain = read(given.chain_file ?? 'nvidia/sdk-hopper.certchain.b64');
  return { bytes, question: { ...line, evidence: toBase64(bytes), certs: splitChain(chain) } };
}

describe.skipIf(CLOISTER_EVAL_DATA === undefined)('cases (skipped without CLOISTER_EVAL_DATA)', () => {
  const lines = CLOISTER_EVAL_DATA === undefined ? [] : read('cases/nvidia-expected.jsonl').split('\n');
  const cases = lines.map((text) => JSON.parse(text) as NvidiaCase);

  test('every report gets the expected verdict', async () => {
    const reports = cases.filter(({ file }) => file.includes('report.hex') || file.includes('.evidence.json'));
    const wrong: string[] = [];
    for (const given of reports) {
      const { question, bytes } = askAbout(given);
      if (toHex(sha256(bytes)) !== given.sha256) wrong.push(`${given.file}: different bytes`);
      const { verdict } = (await answer(question)) as { verdict: string };
      if ((verdict === 'accept') !== (given.verdict === 'accept'))
        wrong.push(`${given.file} ${JSON.stringify(given.mutation)}`);
    }
    expect(reports.length).toBeGreaterThan(50);
    expect(wrong).toEqual([]);
  });

  test('every reference manifest gets the expected verdict', async () => {
    const manifests = cases.filter(({ file }) => file.endsWith('.xml'));
    expect(manifests.length).toBeGreaterThan(1);
    for (const { file, verdict } of manifests) {
      const evidence = readFileSync(new URL(file, folder), 'base64');
      expect(await answer({ tee: 'nvidia-rim', evidence, at })).toMatchObject({ verdict });
    }
  });

  test('every token is refused, as expected', async () => {
    const tokens = cases.filter(({ token }) => token !== undefined);
    const { x5c } = JSON.parse(read('nvidia/attrs-nras-x5c-chain.json')) as { x5c: string[] };
    expect(tokens.map(({ verdict }) => verdict)).toEqual(tokens.map(() => 'reject'));
    for (const { file, token } of tokens) {
      const chain = token?.includes('x5c') ? x5c : [];
      const question = {
        tee: 'nvidia-nras',
        evidence: toBase64(utf8(read(file))),
        certs: chain,
        at: '2025-06-11T00:45:00Z',
      };
      expect(await answer(question)).toMatchObject({ verdict: 'reject' });
    }
  });
});
