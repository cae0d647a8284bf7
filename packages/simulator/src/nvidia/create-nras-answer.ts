import { sha256, systemRandom, toBase64url, toHex, utf8 } from '@cloister/core';
import { NRAS_ISSUER } from '@cloister/evidence/nvidia';
import { GPU_VERSIONS } from './create-gpu-report.ts';
import type { GpuFault } from './gpu-faults.ts';
import { createP384Key, type P384Key } from './p384-key.ts';

/** What an answer is made of. */
export interface NrasMaterial {
  readonly key: P384Key;
  readonly keyId: string;
  /** ms since the epoch. */
  readonly now: number;
  readonly nonce: Uint8Array;
  /** Ids of the devices, decimal. */
  readonly ueids: readonly string[];
  readonly chip: string;
  /** Version of the claims. */
  readonly version: '3.0' | '4.0';
  readonly faults: ReadonlySet<GpuFault>;
}

type Claims = Readonly<Record<string, unknown>>;

const HOUR = 3600;

function createChain(faults: ReadonlySet<GpuFault>): Claims {
  return {
    'x-nvidia-cert-status': faults.has('token-certificate-revoked') ? 'revoked' : 'valid',
    'x-nvidia-cert-ocsp-status': faults.has('token-ocsp-unknown') ? 'unknown' : 'good',
    'x-nvidia-cert-expiration-date': '9999-12-31T23:59:59Z',
    'x-nvidia-cert-revocation-reason': null,
  };
}

function createReference(kind: 'driver' | 'vbios', isThere: boolean, faults: ReadonlySet<GpuFault>): Claims {
  const prefix = `x-nvidia-gpu-${kind}-rim`;
  return {
    [`${prefix}-fetched`]: isThere,
    [`${prefix}-schema-validated`]: true,
    [`${prefix}-signature-verified`]: isThere,
    [`${prefix}-version-match`]: true,
    [`${prefix}-measurements-available`]: isThere,
    [`${prefix}-cert-chain`]: createChain(faults),
  };
}

function createTimes({ now, nonce, faults }: NrasMaterial): Claims {
  const second = Math.floor(now / 1000);
  const start = faults.has('token-not-yet-valid') ? second + HOUR : second - 60;
  return {
    iss: faults.has('token-issuer-other') ? 'https://attestation.example' : NRAS_ISSUER,
    iat: start,
    nbf: start,
    exp: faults.has('token-expired') ? second - 1 : start + HOUR,
    jti: toHex(systemRandom(16)),
    eat_nonce: toHex(faults.has('token-nonce-other') ? systemRandom(32) : nonce),
  };
}

function createDeviceClaims(material: NrasMaterial, ueid: string): Claims {
  const { chip, version, faults } = material;
  return {
    ...createTimes(material),
    ueid: faults.has('token-same-ueid') ? '4000000' : ueid,
    oemid: '5703',
    hwmodel: `${chip} A01 GSP BROM`,
    measres: faults.has('token-measurements-failed') ? 'fail' : 'success',
    secboot: !faults.has('token-secure-boot-off'),
    dbgstat: faults.has('token-debug-on') ? 'enabled' : 'disabled',
    'x-nvidia-device-type': 'gpu',
    'x-nvidia-gpu-claims-version': version,
    'x-nvidia-gpu-arch-check': !faults.has('token-arch-unchecked'),
    'x-nvidia-gpu-driver-version': faults.has('driver-old') ? GPU_VERSIONS.oldDriver : GPU_VERSIONS.driver,
    'x-nvidia-gpu-vbios-version': faults.has('vbios-old') ? GPU_VERSIONS.oldVbios : GPU_VERSIONS.vbios,
    'x-nvidia-gpu-attestation-report-parsed': true,
    'x-nvidia-gpu-attestation-report-nonce-match': true,
    'x-nvidia-gpu-attestation-report-signature-verified': !faults.has('token-report-unverified'),
    'x-nvidia-gpu-attestation-report-cert-chain': createChain(faults),
    'x-nvidia-gpu-attestation-report-cert-chain-fwid-match': !faults.has('token-firmware-other'),
    ...createReference('driver', !faults.has('token-driver-reference-missing'), faults),
    ...createReference('vbios', !faults.has('token-vbios-reference-missing'), faults),
    'x-nvidia-gpu-vbios-index-no-conflict': !faults.has('token-vbios-conflict'),
    'x-nvidia-mismatch-measurement-records': faults.has('token-measurements-mismatch') ? [{ index: 9 }] : null,
    ...(version === '4.0' ? { 'x-nvidia-mismatch-opaque-data-records': null, 'x-nvidia-attester-claims': {} } : {}),
  };
}

function signToken(claims: Claims, key: P384Key, keyId: string): string {
  const encode = (value: unknown): string => toBase64url(utf8(JSON.stringify(value)));
  const signed = `${encode({ kid: keyId, alg: 'ES384' })}.${encode(claims)}`;
  return `${signed}.${toBase64url(key.sign(utf8(signed), 'ieee-p1363'))}`;
}

/** An answer of the attestation service, JSON: the overall token and one for each device. */
export function createNrasAnswer(material: NrasMaterial): string {
  const { key, keyId, ueids, version, faults } = material;
  const named = faults.has('token-other-devices') ? ueids.map((ueid) => `${ueid}0`) : ueids;
  const deviceKey = faults.has('token-device-signature-foreign') ? createP384Key() : key;
  const tokens = named.map((ueid, index) => [
    `GPU-${index}`,
    signToken(createDeviceClaims(material, ueid), deviceKey, keyId),
  ]);
  const other = faults.has('token-digest-other');
  const submods = tokens.map(([name, token]) => [
    name,
    ['DIGEST', ['SHA-256', toHex(sha256(utf8(`${token}${other ? ' ' : ''}`)))]],
  ]);
  const overall = {
    ...createTimes(material),
    sub: 'NVIDIA-PLATFORM-ATTESTATION',
    'x-nvidia-ver': faults.has('token-version-old') ? '1.0' : version,
    'x-nvidia-overall-att-result': !faults.has('token-overall-false'),
    submods: Object.fromEntries(submods) as Claims,
  };
  const overallKey = faults.has('token-signature-foreign') ? createP384Key() : key;
  const sent = faults.has('token-device-left-out') ? tokens.slice(1) : tokens;
  return JSON.stringify([['JWT', signToken(overall, overallKey, keyId)], Object.fromEntries(sent)]);
}
