import { fromBase64, fromUtf8, isCloisterError, type JsonObject, type TdxCollateral } from '@cloister/core';
import { type EvidencePolicy, parseEvidencePolicy, type TrustRoots } from '@cloister/evidence';
import type { CommandOption, Invocation } from '../command.ts';
import { cliError } from '../errors.ts';
import type { Judgement } from '../evidence/judge.ts';
import { parseTime } from './parse-time.ts';
import { readDocument } from './read-document.ts';
import { readInput } from './read-input.ts';

/** The options that `readJudgement` reads. */
export const JUDGEMENT_OPTIONS: Readonly<Record<string, CommandOption>> = {
  policy: { value: 'FILE', help: 'what the evidence must show: an evidence policy in JSON or YAML' },
  collateral: { value: 'FILE', help: "Intel's collateral in JSON" },
  certs: { value: 'FILE', help: 'certificates that come beside a report: PEM, the signing one first, or one in DER' },
  crl: { value: 'FILE', help: 'revocation list of AMD, PEM or DER' },
  at: { value: 'TIME', help: 'judge at this time (UTC, 2026-01-31T12:00:00Z) instead of now' },
  roots: { value: 'FILE', help: 'test roots (PEM, or the file of gateway:simulated); the verdict says SIMULATED' },
};

/**
 * Reads what evidence is to be judged against.
 * @throws what the files' readers throw, ERR_CLI_TIME_INVALID, ERR_CLI_ROOTS_INVALID, and of `evidence`
 *   ERR_EVIDENCE_POLICY_INVALID, ERR_EVIDENCE_POLICY_UNPINNED
 */
export async function readJudgement(invocation: Invocation): Promise<Judgement> {
  const [at, collateral, policy, roots, certs, crl] = ['at', 'collateral', 'policy', 'roots', 'certs', 'crl'].map(
    (name) => invocation.option(name),
  );
  return {
    now: at === undefined ? Date.now() : parseTime(at),
    collateral: collateral === undefined ? undefined : ((await readDocument(collateral)) as unknown as TdxCollateral),
    policy: policy === undefined ? undefined : await readPolicy(policy),
    roots: roots === undefined ? undefined : await readRoots(roots),
    certs: certs === undefined ? undefined : await readDer(certs),
    crls: crl === undefined ? undefined : await readDer(crl),
    nonce: undefined,
  };
}

/** A policy file; the one that the simulated gateway writes holds the policy under `policy`. */
export async function readPolicy(name: string): Promise<EvidencePolicy> {
  const value = await readDocument(name);
  const inner = typeof value === 'object' && value !== null ? (value as JsonObject)['policy'] : undefined;
  return parseEvidencePolicy(inner ?? value);
}

const PEM = /-----BEGIN (?:CERTIFICATE|X509 CRL)-----([A-Za-z0-9+/=\s]+)-----END (?:CERTIFICATE|X509 CRL)-----/g;

/** Everything that a PEM file holds, or a DER file whole. */
async function readDer(name: string): Promise<readonly Uint8Array[]> {
  const bytes = await readInput(name);
  const text = Buffer.from(bytes).toString('latin1');
  return text.includes('-----BEGIN') ? readPem(text) : [bytes];
}

/** Test roots. Whatever ends in them counts as simulated. */
export async function readRoots(name: string): Promise<TrustRoots> {
  const bytes = await readInput(name);
  try {
    const text = fromUtf8(bytes);
    const intel = text.includes('-----BEGIN') ? readPem(text) : await readRootsDocument(name);
    if (intel.length === 0) throw cliError('ERR_CLI_ROOTS_INVALID', { subject: name });
    return { intel, simulated: true };
  } catch (error) {
    throw isCloisterError(error) ? error : cliError('ERR_CLI_ROOTS_INVALID', { subject: name });
  }
}

function readPem(text: string): readonly Uint8Array[] {
  return [...text.matchAll(PEM)].map(([, body = '']) => fromBase64(body.replaceAll(/\s/g, '')));
}

async function readRootsDocument(name: string): Promise<readonly Uint8Array[]> {
  const { roots } = (await readDocument(name)) as { readonly roots?: { readonly intel?: readonly string[] } };
  return (roots?.intel ?? []).map((root) => fromBase64(root));
}
