import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { toBase64, utf8 } from '@cloister/core';
import { loadGpu } from '../evidence/load-nvidia.ts';
import { GENUINE_NAMES, loadList, loadSnp } from '../evidence/load-snp.ts';
import { loadBytes, loadGoogleV5, loadPhalaV4, loadText, loadTrusteeDebug } from '../evidence/load-vectors.ts';
import { mutateCase, type TdxCase } from '../evidence/mutate-case.ts';
import { askNvidiaCase, type NvidiaCase, splitChain } from '../evidence/nvidia-cases.ts';
import { mutateSnpCase, type SnpCase } from '../evidence/snp-cases.ts';

/** Makes a question when it is asked: all of them together are large. */
export type LazyQuestion = () => object;

const { CLOISTER_EVAL_DATA, CLOISTER_BROWSER_EVERY = '1' } = process.env;

function askTdx({ quote, collateral, at }: { quote: Uint8Array; collateral: object; at: string | number }): object {
  return {
    tee: 'tdx',
    evidence: toBase64(quote),
    collateral,
    at: typeof at === 'string' ? at : new Date(at).toISOString(),
  };
}

function askSnp({ report, certs, at }: ReturnType<typeof loadSnp>, change: object = {}): object {
  const line = { tee: 'sev-snp', evidence: toBase64(report), certs: certs.map(toBase64), policy: 'cryptography' };
  return { ...line, at: new Date(at).toISOString(), ...change };
}

function askGpu(name: 'trustee-hopper' | 'sdk-hopper'): object {
  const { report, certChain } = loadGpu(name);
  const certs = splitChain(new TextDecoder().decode(certChain));
  return { tee: 'nvidia-spdm', evidence: toBase64(report), certs, at: '2026-11-24T00:00:00Z' };
}

function askToken(): object {
  const { x5c } = JSON.parse(loadText('nvidia/attrs-nras-x5c-chain.json')) as { x5c: string[] };
  const evidence = toBase64(utf8(loadText('nvidia/nras-hopper-v3.detached-eat.json')));
  return { tee: 'nvidia-nras', evidence, certs: x5c, at: '2026-06-09T00:00:00Z' };
}

function askManifest(): object {
  const evidence = toBase64(loadBytes('nvidia/rim-driver-gh100-550.144.03.xml'));
  return { tee: 'nvidia-rim', evidence, at: '2026-11-24T00:00:00Z' };
}

/** The genuine evidence that this repository holds, each as it is, under a stricter policy and too late. */
function loadOwn(): readonly LazyQuestion[] {
  const questions = [
    askTdx(loadPhalaV4()),
    askTdx(loadTrusteeDebug()),
    askTdx(loadGoogleV5()),
    ...GENUINE_NAMES.map((name) => askSnp(loadSnp(name))),
    askSnp(loadSnp('attrs-genoa-v5'), { policy: 'strict', crl: [toBase64(loadList('genoa'))] }),
    askGpu('trustee-hopper'),
    askGpu('sdk-hopper'),
    askToken(),
    askManifest(),
  ];
  const variants = questions.flatMap((question) => [
    question,
    { ...question, policy: 'cryptography' },
    { ...question, at: '2048-01-01T00:00:00Z' },
    { ...question, at: '2001-01-01T00:00:00Z' },
  ]);
  return variants.map((question) => () => question);
}

function readCases<Case>(name: string, folder: URL): readonly Case[] {
  const lines = readFileSync(new URL(`cases/${name}`, folder), 'utf8')
    .trim()
    .split('\n');
  return lines.map((text) => JSON.parse(text) as Case);
}

/** The mutated cases beside the vectors, or every n-th with CLOISTER_BROWSER_EVERY; none without CLOISTER_EVAL_DATA. */
function loadCases(): readonly LazyQuestion[] {
  if (CLOISTER_EVAL_DATA === undefined) return [];
  const folder = new URL('attestation/', `${pathToFileURL(CLOISTER_EVAL_DATA).href}/`);
  const questions = [
    ...readCases<TdxCase>('tdx-cases.jsonl', folder).map((given) => () => askTdx(mutateCase(given, folder))),
    ...readCases<SnpCase>('snp-cases.jsonl', folder).map((given) => () => askSnp(mutateSnpCase(given, folder))),
    ...readCases<NvidiaCase>('nvidia-expected.jsonl', folder)
      .map((given) => askNvidiaCase(given, folder))
      .flatMap((input) => (input === undefined ? [] : [() => input.question])),
  ];
  return questions.filter((_, index) => index % Number(CLOISTER_BROWSER_EVERY) === 0);
}

/** Every question of area `evidence` that vectors hold. */
export function loadEvidenceQuestions(): readonly LazyQuestion[] {
  return [...loadOwn(), ...loadCases()];
}
