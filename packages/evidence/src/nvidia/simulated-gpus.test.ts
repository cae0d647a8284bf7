import { createSimulatedGpus, GPU_FAULTS, type GpuFault, type SimulatedGpus } from '@cloister/simulator/nvidia';
import { describe, expect, test } from 'vitest';
import { AppraisalError } from '../check.ts';
import { verifyNrasToken, type VerifyNrasTokenOptions } from './nras/verify-nras-token.ts';
import { verifyGpuReport } from './spdm/verify-gpu-report.ts';

const now = Date.parse('2026-11-24T12:00:00Z');
const clock = { now: () => now, monotonic: () => 0 };
const nonce = new Uint8Array(32).fill(0x5a);

function simulate(...faults: readonly GpuFault[]): SimulatedGpus {
  return createSimulatedGpus({ clock, count: 2, faults });
}

async function outcome(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'accepted',
    (error: unknown) => (error instanceof AppraisalError ? `${error.subject} ${error.code}` : String(error)),
  );
}

async function verifyToken(gpus: SimulatedGpus, change: Partial<VerifyNrasTokenOptions> = {}): Promise<unknown> {
  const { roots, keys, policy } = gpus;
  return verifyNrasToken(gpus.attestRemotely(nonce), { now, nonce, roots, keys, ...policy, ...change });
}

async function verifyReports(gpus: SimulatedGpus, isSimulated = true): Promise<unknown> {
  const { roots, policy } = gpus;
  const options = { now, nonce, ...policy, ...(isSimulated ? { roots } : {}) };
  return Promise.all(gpus.collect(nonce).map(async (evidence) => verifyGpuReport(evidence, options)));
}

describe.each(['HOPPER', 'BLACKWELL'] as const)('%s without faults', (arch) => {
  test('reports are accepted and said to be simulated', async () => {
    const gpus = createSimulatedGpus({ clock, arch, count: 2 });
    expect(await verifyReports(gpus)).toMatchObject([{ simulated: true }, { simulated: true }]);
  });

  test.each(['3.0', '4.0'] as const)('a token with claims of version %s is accepted', async (claims) => {
    const gpus = createSimulatedGpus({ clock, arch, claims, count: 2 });
    expect(await verifyToken(gpus)).toMatchObject({ simulated: true, devices: [{ name: 'GPU-0' }, { name: 'GPU-1' }] });
  });
});

const REPORT_REFUSALS: readonly (readonly [GpuFault, string])[] = [
  ['report-signature-foreign', 'gpu.signature ERR_EVIDENCE_GPU_SIGNATURE'],
  ['report-nonce-other', 'gpu.nonce ERR_EVIDENCE_GPU_NONCE'],
  ['report-chain-foreign', 'gpu.chain ERR_EVIDENCE_CHAIN_INVALID'],
  ['report-certificate-expired', 'gpu.validity ERR_EVIDENCE_CERTIFICATE_EXPIRED'],
  ['report-firmware-other', 'gpu.firmware ERR_EVIDENCE_GPU_FIRMWARE'],
  ['driver-old', 'gpu.driver ERR_EVIDENCE_GPU_DRIVER'],
  ['vbios-old', 'gpu.vbios ERR_EVIDENCE_GPU_VBIOS'],
];

const TOKEN_REFUSALS: readonly (readonly [GpuFault, string])[] = [
  ['token-signature-foreign', 'nras.signature ERR_EVIDENCE_NRAS_SIGNATURE'],
  ['token-device-signature-foreign', 'nras.signature ERR_EVIDENCE_NRAS_SIGNATURE'],
  ['token-key-expired', 'nras.validity ERR_EVIDENCE_CERTIFICATE_EXPIRED'],
  ['token-key-foreign', 'nras.chain ERR_EVIDENCE_CHAIN_INVALID'],
  ['token-issuer-other', 'nras.issuer ERR_EVIDENCE_NRAS_ISSUER'],
  ['token-expired', 'nras.time ERR_EVIDENCE_NRAS_TIME'],
  ['token-not-yet-valid', 'nras.time ERR_EVIDENCE_NRAS_TIME'],
  ['token-version-old', 'nras.version ERR_EVIDENCE_NRAS_VERSION'],
  ['token-nonce-other', 'nras.nonce ERR_EVIDENCE_NRAS_NONCE'],
  ['token-overall-false', 'nras.overall ERR_EVIDENCE_NRAS_OVERALL'],
  ['token-device-left-out', 'nras.devices ERR_EVIDENCE_NRAS_DEVICES'],
  ['token-digest-other', 'nras.digest ERR_EVIDENCE_NRAS_DIGEST'],
  ['token-same-ueid', 'nras.unique ERR_EVIDENCE_GPU_DUPLICATE'],
  ['token-measurements-failed', 'nras.measurements ERR_EVIDENCE_NRAS_MEASUREMENTS'],
  ['token-measurements-mismatch', 'nras.measurements ERR_EVIDENCE_NRAS_MEASUREMENTS'],
  ['token-secure-boot-off', 'nras.secure-boot ERR_EVIDENCE_NRAS_SECURE_BOOT'],
  ['token-debug-on', 'nras.debug ERR_EVIDENCE_NRAS_DEBUG'],
  ['token-report-unverified', 'nras.report ERR_EVIDENCE_NRAS_REPORT'],
  ['token-arch-unchecked', 'nras.report ERR_EVIDENCE_NRAS_REPORT'],
  ['token-firmware-other', 'nras.firmware ERR_EVIDENCE_NRAS_FIRMWARE'],
  ['token-certificate-revoked', 'nras.certificates ERR_EVIDENCE_NRAS_CERTIFICATES'],
  ['token-ocsp-unknown', 'nras.certificates ERR_EVIDENCE_NRAS_CERTIFICATES'],
  ['token-driver-reference-missing', 'nras.driver-reference ERR_EVIDENCE_NRAS_DRIVER_REFERENCE'],
  ['token-vbios-reference-missing', 'nras.vbios-reference ERR_EVIDENCE_NRAS_VBIOS_REFERENCE'],
  ['token-vbios-conflict', 'nras.vbios-reference ERR_EVIDENCE_NRAS_VBIOS_REFERENCE'],
  ['driver-old', 'nras.driver ERR_EVIDENCE_GPU_DRIVER'],
  ['vbios-old', 'nras.vbios ERR_EVIDENCE_GPU_VBIOS'],
];

test.each(REPORT_REFUSALS)('reports with %s: %s', async (fault, expected) => {
  expect(await outcome(verifyReports(simulate(fault)))).toBe(expected);
});

test.each(TOKEN_REFUSALS)('a token with %s: %s', async (fault, expected) => {
  expect(await outcome(verifyToken(simulate(fault)))).toBe(expected);
});

test.each<[string, Partial<VerifyNrasTokenOptions>]>([
  ['nras.arch ERR_EVIDENCE_GPU_ARCH', { arch: 'BLACKWELL' }],
  ['nras.devices ERR_EVIDENCE_NRAS_DEVICES', { count: 3 }],
  ['nras.chain ERR_EVIDENCE_CERTIFICATE_MALFORMED', { keys: {} }],
])('a good token against other demands: %s', async (expected, change) => {
  expect(await outcome(verifyToken(simulate(), change))).toBe(expected);
});

test('production roots refuse reports and tokens, with faults and without', async () => {
  for (const faults of [[], ...GPU_FAULTS.map((fault) => [fault])]) {
    const gpus = simulate(...faults);
    expect(await outcome(verifyReports(gpus, false))).toBe('gpu.root ERR_EVIDENCE_ROOT_UNTRUSTED');
    const token = await outcome(verifyToken(gpus, { roots: undefined }));
    expect(token).toBe('nras.root ERR_EVIDENCE_ROOT_UNTRUSTED');
  }
});

// The long run: CLOISTER_LONG_FUZZ=10000.
const ROUNDS = Number(process.env['CLOISTER_LONG_FUZZ'] ?? 150);

test('no token with one changed character is accepted, and a cut is malformed', { timeout: 600_000 }, async () => {
  const gpus = simulate();
  const text = gpus.attestRemotely(nonce);
  const options = { now, nonce, roots: gpus.roots, keys: gpus.keys, ...gpus.policy };
  for (let round = 0; round < ROUNDS; round++) {
    const at = (round * 1009) % text.length;
    const other = String.fromCharCode(33 + ((text.charCodeAt(at) - 33 + 1 + (round % 92)) % 94));
    const changed = text.slice(0, at) + other + text.slice(at + 1);
    expect(await outcome(verifyNrasToken(changed, options))).toMatch(/^nras\.\S+ ERR_EVIDENCE_/);
    const cut = text.slice(0, at);
    expect(await outcome(verifyNrasToken(cut, options))).toBe('nras.format ERR_EVIDENCE_NRAS_MALFORMED');
  }
});
