import { concat, fromBase64, fromHex, toBase64, utf8 } from '@cloister/core';
import { loadBytes, loadText } from './load-vectors.ts';

/** One line of what to expect of NVIDIA's evidence, beside the vectors. */
export interface NvidiaCase {
  readonly file: string;
  readonly verdict: 'accept' | 'reject';
  /** SHA-256 of the input, hex. */
  readonly sha256: string;
  readonly chain_file?: string;
  /** Which of an answer's tokens, and under which key. */
  readonly token?: string;
  readonly mutation?: {
    readonly op: string;
    readonly offset?: number;
    readonly mask?: number;
    readonly length?: number;
    readonly hex?: string;
  };
}

/** What a case feeds to the conformance program, and the bytes that its digest is about. */
export interface NvidiaInput {
  readonly question: object;
  readonly bytes: Uint8Array;
}

const AT = '2026-11-24T00:00:00Z';

/** The certificates of a PEM text, base64 of DER. */
export function splitChain(pem: string): string[] {
  return (pem.match(/(?<=BEGIN CERTIFICATE-----\s)[^-]+/g) ?? []).map((body) => body.replaceAll(/\s/g, ''));
}

function mutate(base: Uint8Array, { mutation }: NvidiaCase): Uint8Array {
  if (mutation === undefined) return base;
  if (mutation.op === 'truncate') return base.slice(0, mutation.length);
  if (mutation.op === 'append') return concat(base, fromHex(mutation.hex ?? ''));
  const bytes = base.slice();
  bytes[mutation.offset ?? 0] = (bytes[mutation.offset ?? 0] ?? 0) ^ (mutation.mask ?? 0);
  return bytes;
}

function askAboutWrapper(file: string, folder: URL): NvidiaInput {
  const [wrapper] = JSON.parse(loadText(file, folder)) as [{ evidence: string; certificate: string }];
  const certs = splitChain(new TextDecoder().decode(fromBase64(wrapper.certificate)));
  const question = { tee: 'nvidia-spdm', evidence: wrapper.evidence, certs, at: AT };
  return { bytes: fromBase64(wrapper.evidence), question };
}

function askAboutToken({ file, token = '' }: NvidiaCase, folder: URL): NvidiaInput {
  const bytes = utf8(loadText(file, folder).trim());
  const { x5c } = JSON.parse(loadText('nvidia/attrs-nras-x5c-chain.json', folder)) as { x5c: string[] };
  const certs = token.includes('x5c') ? x5c : [];
  return { bytes, question: { tee: 'nvidia-nras', evidence: toBase64(bytes), certs, at: '2025-06-11T00:45:00Z' } };
}

/** The question that a case asks; `undefined` for what the program has no question about. `folder` holds the attestation vectors. */
export function askNvidiaCase(given: NvidiaCase, folder: URL): NvidiaInput | undefined {
  const [file = ''] = given.file.split('#');
  if (given.token !== undefined) return askAboutToken(given, folder);
  if (file.endsWith('.evidence.json')) return askAboutWrapper(file, folder);
  if (file.endsWith('.xml')) {
    const bytes = loadBytes(file, folder);
    return { bytes, question: { tee: 'nvidia-rim', evidence: toBase64(bytes), at: AT } };
  }
  if (!file.endsWith('report.hex')) return undefined;
  const bytes = mutate(fromHex(loadText(file, folder).trim()), given);
  const certs = splitChain(loadText(given.chain_file ?? 'nvidia/sdk-hopper.certchain.b64', folder));
  return { bytes, question: { tee: 'nvidia-spdm', evidence: toBase64(bytes), certs, at: AT } };
}
