import { fromHex, equalBytes, type JsonObject, type JsonValue, sha256, toHex, utf8 } from '@cloister/core';
import type { CheckList } from '../../check.ts';
import type { CheckId, EvidenceErrorCode } from '../../codes.ts';
import { type GpuArchitecture, NRAS_ISSUER } from '../gpu-policy.ts';
import { isObject, type NrasAnswer, type NrasToken } from './parse-nras-answer.ts';

/** What claims are compared with. What is left out is not judged, and the check says so. */
export interface NrasExpectations {
  /** Verification time, ms since the epoch. */
  readonly now: number;
  /** The nonce that the GPUs were asked with, 32 bytes. */
  readonly nonce?: Uint8Array | undefined;
  /** How many GPUs, exactly. */
  readonly count?: number | undefined;
  readonly arch?: GpuArchitecture | undefined;
  readonly drivers?: readonly string[] | undefined;
  readonly vbios?: readonly string[] | undefined;
  /** Accepted issuers; NVIDIA's service unless said. */
  readonly issuers?: readonly string[] | undefined;
}

const VERSIONS: readonly unknown[] = ['3.0', '4.0'];
const SUBJECT = 'NVIDIA-PLATFORM-ATTESTATION';
const MODELS: Readonly<Record<GpuArchitecture, RegExp>> = { HOPPER: /^GH\d/, BLACKWELL: /^GB\d/ };
const REPORT = ['report-parsed', 'report-nonce-match', 'report-signature-verified'].map(
  (name) => `x-nvidia-gpu-attestation-${name}`,
);
const RIM = ['fetched', 'signature-verified', 'version-match', 'measurements-available'];
const CHAINS = ['attestation-report', 'driver-rim', 'vbios-rim'].map((name) => `x-nvidia-gpu-${name}-cert-chain`);

function isAbsent(value: JsonValue | undefined): boolean {
  return value === undefined || value === null;
}

function allTrue(claims: JsonObject, names: readonly string[]): boolean {
  return names.every((name) => claims[name] === true);
}

/** Whether a claim that newer versions leave out says nothing bad. */
function isTrueIfSaid(value: JsonValue | undefined): boolean {
  return isAbsent(value) || value === true;
}

function holdsReference(claims: JsonObject, kind: 'driver' | 'vbios'): boolean {
  const prefix = `x-nvidia-gpu-${kind}-rim-`;
  const isFetched = allTrue(
    claims,
    RIM.map((name) => prefix + name),
  );
  return isFetched && isTrueIfSaid(claims[`${prefix}schema-validated`]);
}

function isGoodChain(value: JsonValue | undefined): boolean {
  return (
    isObject(value) &&
    value['x-nvidia-cert-status'] === 'valid' &&
    value['x-nvidia-cert-ocsp-status'] === 'good' &&
    isAbsent(value['x-nvidia-cert-revocation-reason']) &&
    isTrueIfSaid(value['x-nvidia-cert-ocsp-nonce-matches']) &&
    isTrueIfSaid(value['x-nvidia-cert-ocsp-response-valid'])
  );
}

function isVersion(value: JsonValue | undefined): boolean {
  return value === undefined || VERSIONS.includes(value);
}

function isDeviceVersion(claims: JsonObject): boolean {
  const type = claims['x-nvidia-device-type'];
  return isVersion(claims['x-nvidia-gpu-claims-version']) && (type === undefined || type === 'gpu');
}

function hasMeasured(claims: JsonObject): boolean {
  return (
    claims['measres'] === 'success' &&
    isAbsent(claims['x-nvidia-mismatch-measurement-records']) &&
    isAbsent(claims['x-nvidia-mismatch-opaque-data-records'])
  );
}

type Rule = readonly [CheckId, EvidenceErrorCode, (claims: JsonObject) => boolean];

/** What the service must say of every device. */
const RULES: readonly Rule[] = [
  ['nras.version', 'ERR_EVIDENCE_NRAS_VERSION', isDeviceVersion],
  ['nras.measurements', 'ERR_EVIDENCE_NRAS_MEASUREMENTS', hasMeasured],
  ['nras.secure-boot', 'ERR_EVIDENCE_NRAS_SECURE_BOOT', (claims) => claims['secboot'] === true],
  ['nras.debug', 'ERR_EVIDENCE_NRAS_DEBUG', (claims) => claims['dbgstat'] === 'disabled'],
  ['nras.report', 'ERR_EVIDENCE_NRAS_REPORT', (claims) => allTrue(claims, [...REPORT, 'x-nvidia-gpu-arch-check'])],
  [
    'nras.firmware',
    'ERR_EVIDENCE_NRAS_FIRMWARE',
    (claims) => claims['x-nvidia-gpu-attestation-report-cert-chain-fwid-match'] === true,
  ],
  [
    'nras.certificates',
    'ERR_EVIDENCE_NRAS_CERTIFICATES',
    (claims) => CHAINS.every((name) => isGoodChain(claims[name])),
  ],
  ['nras.driver-reference', 'ERR_EVIDENCE_NRAS_DRIVER_REFERENCE', (claims) => holdsReference(claims, 'driver')],
  [
    'nras.vbios-reference',
    'ERR_EVIDENCE_NRAS_VBIOS_REFERENCE',
    (claims) => holdsReference(claims, 'vbios') && claims['x-nvidia-gpu-vbios-index-no-conflict'] === true,
  ],
];

function seconds(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value * 1000 : Number.NaN;
}

/** Last moment of a token, ms since the epoch; NaN when it says none. */
export function readExpiry({ claims }: NrasToken): number {
  return seconds(claims['exp']);
}

function isCurrent(token: NrasToken, now: number): boolean {
  return seconds(token.claims['nbf']) <= now && now <= readExpiry(token);
}

function hasNonce({ claims }: NrasToken, nonce: Uint8Array): boolean {
  const value = claims['eat_nonce'];
  return typeof value === 'string' && /^[0-9a-fA-F]{64}$/.test(value) && equalBytes(fromHex(value), nonce);
}

/** Checks `nras.issuer`, `nras.time`, `nras.nonce`, and what only the overall token says. */
export function checkNrasTokens(list: CheckList, answer: NrasAnswer, expected: NrasExpectations): void {
  const { now, nonce, issuers = [NRAS_ISSUER] } = expected;
  const { overall, devices } = answer;
  const tokens = [overall, ...devices.values()];
  const isIssued = tokens.every(({ claims }) => issuers.some((issuer) => claims['iss'] === issuer));
  list.require('nras.issuer', isIssued && overall.claims['sub'] === SUBJECT, 'ERR_EVIDENCE_NRAS_ISSUER');
  list.require(
    'nras.time',
    tokens.every((token) => isCurrent(token, now)),
    'ERR_EVIDENCE_NRAS_TIME',
  );
  list.require('nras.version', VERSIONS.includes(overall.claims['x-nvidia-ver']), 'ERR_EVIDENCE_NRAS_VERSION');
  const isGood = overall.claims['x-nvidia-overall-att-result'] === true;
  list.require('nras.overall', isGood, 'ERR_EVIDENCE_NRAS_OVERALL');
  if (nonce === undefined) list.skip('nras.nonce', 'The caller named nothing to compare with.');
  else
    list.require(
      'nras.nonce',
      tokens.every((token) => hasNonce(token, nonce)),
      'ERR_EVIDENCE_NRAS_NONCE',
    );
}

function hasDigest(submodule: JsonValue | undefined, { compact }: NrasToken): boolean {
  if (!Array.isArray(submodule) || submodule.length !== 2 || submodule[0] !== 'DIGEST') return false;
  const pair: unknown = submodule[1];
  if (!Array.isArray(pair) || pair.length !== 2 || pair[0] !== 'SHA-256') return false;
  return pair[1] === toHex(sha256(utf8(compact)));
}

/** Checks `nras.devices`, `nras.digest` and `nras.unique`: exactly the listed tokens, each of another device. */
export function checkNrasDevices(list: CheckList, { overall, devices }: NrasAnswer, count: number | undefined): void {
  const submodules = overall.claims['submods'];
  const listed = isObject(submodules) ? submodules : {};
  const names = Object.keys(listed);
  const isComplete = names.length === devices.size && names.every((name) => devices.has(name));
  const isCounted = count === undefined || count === devices.size;
  list.require('nras.devices', isComplete && isCounted, 'ERR_EVIDENCE_NRAS_DEVICES');
  const areBound = [...devices].every(([name, token]) => hasDigest(listed[name], token));
  list.require('nras.digest', areBound, 'ERR_EVIDENCE_NRAS_DIGEST');
  const ids = [...devices.values()].map(({ claims }) => claims['ueid']);
  const areNamed = ids.every((id) => typeof id === 'string' && id !== '');
  list.require('nras.unique', areNamed && new Set(ids).size === ids.length, 'ERR_EVIDENCE_GPU_DUPLICATE');
}

function checkListed(
  list: CheckList,
  [id, code]: readonly [CheckId, EvidenceErrorCode],
  values: readonly (JsonValue | undefined)[],
  accepts: ((value: string) => boolean) | undefined,
): void {
  if (accepts === undefined) list.skip(id, 'The caller named nothing to compare with.');
  else
    list.require(
      id,
      values.every((value) => typeof value === 'string' && accepts(value)),
      code,
    );
}

/** Checks what the service says of each device. */
export function checkNrasClaims(list: CheckList, { devices }: NrasAnswer, expected: NrasExpectations): void {
  const all = [...devices.values()].map(({ claims }) => claims);
  for (const [id, code, holds] of RULES) list.require(id, all.every(holds), code);
  const { arch, drivers, vbios } = expected;
  const values = (name: string): readonly (JsonValue | undefined)[] => all.map((claims) => claims[name]);
  const includes = (known: readonly string[] | undefined): ((value: string) => boolean) | undefined =>
    known && ((value) => known.includes(value));
  const isModel = arch && ((value: string): boolean => MODELS[arch].test(value));
  checkListed(list, ['nras.arch', 'ERR_EVIDENCE_GPU_ARCH'], values('hwmodel'), isModel);
  const driver = values('x-nvidia-gpu-driver-version');
  checkListed(list, ['nras.driver', 'ERR_EVIDENCE_GPU_DRIVER'], driver, includes(drivers));
  checkListed(list, ['nras.vbios', 'ERR_EVIDENCE_GPU_VBIOS'], values('x-nvidia-gpu-vbios-version'), includes(vbios));
}
