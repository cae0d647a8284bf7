import type { JsonObject } from '@cloister/core';
import { type EvidencePolicy, parseEvidencePolicy } from '@cloister/evidence';
import type { CommandOption, Invocation } from '../command.ts';
import type { Judgement } from '../evidence/judge.ts';
import { parseTime } from './parse-time.ts';
import { COLLATERAL_OPTION, readCollateral } from './read-collateral.ts';
import { readDocument } from './read-document.ts';
import { readInput } from './read-input.ts';
import { readPem } from './read-pem.ts';
import { readRoots } from './read-roots.ts';

/** The options that `readJudgement` reads. */
export const JUDGEMENT_OPTIONS: Readonly<Record<string, CommandOption>> = {
  policy: { value: 'FILE', help: 'what the evidence must show: an evidence policy in JSON or YAML' },
  collateral: COLLATERAL_OPTION,
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
  const now = at === undefined ? Date.now() : parseTime(at);
  const trusted = roots === undefined ? undefined : await readRoots(roots);
  return {
    now,
    ...(await readCollateral(collateral, { now, roots: trusted })),
    policy: policy === undefined ? undefined : await readPolicy(policy),
    roots: trusted,
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

/** Everything that a PEM file holds, or a DER file whole. */
async function readDer(name: string): Promise<readonly Uint8Array[]> {
  const bytes = await readInput(name);
  const text = Buffer.from(bytes).toString('latin1');
  return text.includes('-----BEGIN') ? readPem(text) : [bytes];
}
