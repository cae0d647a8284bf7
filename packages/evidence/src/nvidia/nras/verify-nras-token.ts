import type { ErrorDescription } from '@cloister/core';
import { assertChecks, type Check, type CheckCatalogue, type CheckList, createCheckList } from '../../check.ts';
import type { EvidenceErrorCode } from '../../codes.ts';
import { verifyEcdsa } from '../../ecdsa/verify-ecdsa.ts';
import { COMMON_ERRORS } from '../../errors.ts';
import { NRAS_CHECK_IDS } from '../checks.ts';
import { NVIDIA_ERRORS } from '../errors.ts';
import { isGenuine, NVIDIA_ROOTS, type NvidiaRoots } from '../nvidia-roots.ts';
import {
  checkNrasClaims,
  checkNrasDevices,
  checkNrasTokens,
  type NrasExpectations,
  readExpiry,
} from './check-nras-claims.ts';
import { checkNrasKey, type NrasKey, type NrasKeys } from './check-nras-key.ts';
import { type NrasAnswer, type NrasToken, parseNrasAnswer } from './parse-nras-answer.ts';

/** What an answer of the attestation service is verified with. */
export interface VerifyNrasTokenOptions extends NrasExpectations {
  /** NVIDIA's unless said. */
  readonly roots?: NvidiaRoots | undefined;
  /** Certificates of the service's keys by key id, for tokens that do not bring their own. */
  readonly keys?: NrasKeys | undefined;
  /** Certificates of the service's key, base64 of DER, where it is known which key signed. */
  readonly keyChain?: readonly string[] | undefined;
}

/** What a verified answer says of one device. */
export interface NrasDevice {
  /** For example `GPU-0`. */
  readonly name: string;
  /** The device's own id. */
  readonly ueid: string;
  readonly hwModel: string;
  readonly driverVersion: string;
  readonly vbiosVersion: string;
}

/** What a verified answer says. */
export interface NrasVerdict {
  readonly devices: readonly NrasDevice[];
  /** Whether the key's certificate ends in another one than NVIDIA's. */
  readonly simulated: boolean;
  /** The earliest end of tokens and certificates, ms since the epoch. */
  readonly expiresAt: number;
}

const errors: Readonly<Partial<Record<EvidenceErrorCode, ErrorDescription>>> = { ...COMMON_ERRORS, ...NVIDIA_ERRORS };
const CATALOGUE: CheckCatalogue = { ids: NRAS_CHECK_IDS, errors };

function findChain({ x5c, keyId }: NrasToken, { keys = {}, keyChain }: VerifyNrasTokenOptions): readonly string[] {
  const listed = keyId !== undefined && Object.hasOwn(keys, keyId) ? keys[keyId] : undefined;
  return x5c ?? listed ?? keyChain ?? [];
}

/** One key for all tokens of an answer: a chain is verified once, and another key would be another answer. */
async function checkSignatures(
  list: CheckList,
  { overall, devices }: NrasAnswer,
  options: VerifyNrasTokenOptions,
): Promise<NrasKey | undefined> {
  const { now, roots = NVIDIA_ROOTS } = options;
  const key = await checkNrasKey(list, findChain(overall, options), { now, trusted: roots.attestationService });
  if (key === undefined) return undefined;
  const tokens = [overall, ...devices.values()];
  const results = await Promise.all(
    tokens.map(
      async ({ keyId, signed, signature }) =>
        keyId === overall.keyId && (await verifyEcdsa(key.leaf.publicKey, signed, signature)),
    ),
  );
  return list.require('nras.signature', results.every(Boolean), 'ERR_EVIDENCE_NRAS_SIGNATURE') ? key : undefined;
}

function describeDevice([name, { claims }]: readonly [string, NrasToken]): NrasDevice {
  const text = (claim: string): string => {
    const value = claims[claim];
    return typeof value === 'string' ? value : '';
  };
  return Object.freeze({
    name,
    ueid: text('ueid'),
    hwModel: text('hwmodel'),
    driverVersion: text('x-nvidia-gpu-driver-version'),
    vbiosVersion: text('x-nvidia-gpu-vbios-version'),
  });
}

/** Runs all checks of an answer into `list`; claims are not looked at before the signatures hold. */
export async function checkNrasToken(
  list: CheckList,
  text: string,
  options: VerifyNrasTokenOptions,
): Promise<NrasVerdict | undefined> {
  const answer = list.attempt('nras.format', 'ERR_EVIDENCE_NRAS_MALFORMED', () => parseNrasAnswer(text));
  const key = answer && (await checkSignatures(list, answer, options));
  if (answer === undefined || key === undefined) return undefined;
  checkNrasTokens(list, answer, options);
  checkNrasDevices(list, answer, options.count);
  checkNrasClaims(list, answer, options);
  return {
    devices: [...answer.devices].map(describeDevice),
    simulated: !isGenuine(key.anchor, 'attestationService'),
    expiresAt: Math.min(key.expiresAt, ...[answer.overall, ...answer.devices.values()].map(readExpiry)),
  };
}

/** A list for one answer. */
export function createNrasList(): CheckList {
  return createCheckList(CATALOGUE);
}

/**
 * Verifies an answer of NVIDIA's remote attestation service (claims of version 3 and 4): key to a trusted certificate,
 * ES384 signatures, times, nonce, the devices' tokens by digest, and every claim about each device. It does not prove that
 * the GPUs are attached to this guest: only measured code does. Pure: the same input gives the same verdict.
 * @param text the detached EAT, JSON exactly as the service answered
 * @throws AppraisalError with the code of the first failed check and the whole list in `checks`
 */
export async function verifyNrasToken(
  text: string,
  options: VerifyNrasTokenOptions,
): Promise<NrasVerdict & { readonly checks: readonly Check[] }> {
  const list = createNrasList();
  const verdict = await checkNrasToken(list, text, options);
  const checks = assertChecks(list, { complete: true });
  return { ...(verdict as NrasVerdict), checks };
}
