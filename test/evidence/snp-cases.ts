import { fromBase64 } from '@cloister/core';
import { loadBytes, loadText } from './load-vectors.ts';
import { mutateBytes, type Mutation } from './mutate-bytes.ts';

/** Genuine evidence of SEV-SNP: report, certificates and a time at which they hold. */
export interface GenuineReport {
  readonly report: Uint8Array;
  /** VCEK or VLEK, ASK or ASVK, ARK: DER. */
  readonly certs: readonly [Uint8Array, Uint8Array, Uint8Array];
  /** ms since the epoch. */
  readonly at: number;
}

/** One line of the mutated cases beside the vectors: what to feed and what to expect. */
export interface SnpCase {
  readonly file: string;
  /** The certificate of the signing key. */
  readonly vek: string;
  /** The pair of authorities, such as `ask-milan`. */
  readonly ca: string;
  readonly case: string;
  /** SHA-256 of the mutated report, hex. */
  readonly sha256: string;
  readonly at: string;
  readonly mutation?: Mutation;
  readonly expect: 'accept' | 'reject' | 'either';
}

/** The certificates of a PEM file, DER. */
function readPem(text: string): readonly Uint8Array[] {
  const blocks = text.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g);
  return [...blocks].map(([, body = '']) => fromBase64(body.replaceAll(/\s/g, '')));
}

function loadVek(file: string, folder: URL): Uint8Array {
  const [pem] = file.endsWith('.pem') ? readPem(loadText(file, folder)) : [];
  return pem ?? loadBytes(file, folder);
}

function loadAuthorities(name: string, folder: URL): readonly [Uint8Array, Uint8Array] {
  const [kind = '', line = ''] = name.split('-');
  const [intermediate, ark] = readPem(loadText(`keys/amd-${kind}-ark-${line}.pem`, folder));
  if (intermediate === undefined || ark === undefined) throw new Error(`no authorities ${name}`);
  return [intermediate, ark];
}

/** Order of P-384. */
const ORDER = BigInt(
  '0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
);

/** The twin (r, n - s) of a report's signature; s is 48 bytes, little-endian, at 0x2e8. */
function negateS(report: Uint8Array): Uint8Array {
  const copy = report.slice();
  const s = BigInt(`0x${Buffer.from(copy.slice(0x2e8, 0x318).reverse()).toString('hex')}`);
  copy.set(Buffer.from((ORDER - s).toString(16).padStart(96, '0'), 'hex').reverse(), 0x2e8);
  return copy;
}

function mutateReport(report: Uint8Array, mutation: Mutation): Uint8Array {
  return mutation.op === 'negate-s' ? negateS(report) : mutateBytes(report, mutation);
}

function mutateCerts(certs: GenuineReport['certs'], mutation: Mutation, folder: URL): GenuineReport['certs'] {
  const [vek, intermediate, ark] = certs;
  if (mutation.op === 'swap') return [vek, ark, intermediate];
  if (mutation.target === 'ca') return [vek, ...loadAuthorities(mutation.with ?? '', folder)];
  if (mutation.target === 'ask') return [vek, mutateBytes(intermediate, mutation), ark];
  if (mutation.target === 'ark') return [vek, intermediate, mutateBytes(ark, mutation)];
  const changed = mutation.op === 'replace' ? loadVek(mutation.with ?? '', folder) : mutateBytes(vek, mutation);
  return [changed, intermediate, ark];
}

/** The input that a case describes. `folder` holds the attestation vectors. */
export function mutateSnpCase(given: SnpCase, folder: URL): GenuineReport {
  const { mutation } = given;
  const report = loadBytes(given.file, folder);
  const certs = [loadVek(given.vek, folder), ...loadAuthorities(given.ca, folder)] as const;
  const at = Date.parse(mutation?.target === 'at' ? (mutation.value ?? '') : given.at);
  if (mutation === undefined || mutation.target === 'at') return { report, certs, at };
  if (mutation.target === 'report') return { report: mutateReport(report, mutation), certs, at };
  return { report, certs: mutateCerts(certs, mutation, folder), at };
}
