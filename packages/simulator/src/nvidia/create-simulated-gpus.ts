import { type Clock, type GpuEvidence, systemClock, toBase64, utf8 } from '@cloister/core';
import type { GpuArchitecture, GpuPolicy, NrasKeys, NvidiaRoots } from '@cloister/evidence/nvidia';
import type { GpuCertificate } from './create-gpu-certificate.ts';
import { createGpuPki, type GpuPki } from './create-gpu-pki.ts';
import { createGpuReport, GPU_VERSIONS } from './create-gpu-report.ts';
import { createManifest } from './create-manifest.ts';
import { createNrasAnswer } from './create-nras-answer.ts';
import { createOcspResponder } from './create-ocsp-response.ts';
import type { GpuFault } from './gpu-faults.ts';

/** How to simulate. */
export interface SimulatedGpusOptions {
  /** Dates of certificates and tokens are set around its time; the system's unless said. */
  readonly clock?: Clock;
  readonly arch?: GpuArchitecture;
  /** How many; 1 unless said. */
  readonly count?: number;
  /** Version of the service's claims; 3.0 unless said. */
  readonly claims?: '3.0' | '4.0';
  /** What shall be wrong; nothing unless said. */
  readonly faults?: readonly GpuFault[];
}

/** GPUs in software. Their evidence has the exact form of NVIDIA's and ends in roots made for this process. */
export interface SimulatedGpus {
  /** Reports of all devices with the service's answer about them. @param nonce 32 bytes */
  collect(nonce: Uint8Array): readonly GpuEvidence[];
  /** The service's answer alone: a detached EAT, JSON. @param nonce 32 bytes */
  attestRemotely(nonce: Uint8Array): string;
  /** The roots a verifier must be given explicitly to accept them. */
  readonly roots: NvidiaRoots;
  /** The service's key set. */
  readonly keys: NrasKeys;
  /** What the devices should measure: reference integrity manifests of driver and VBIOS, XML. */
  readonly manifests: readonly Uint8Array[];
  /** OCSP responses for all certificates of devices and manifests but the devices' own, DER. */
  readonly statuses: readonly Uint8Array[];
  /** What a policy for these devices names. */
  readonly policy: Pick<GpuPolicy, 'arch' | 'count' | 'drivers' | 'vbios'>;
}

const KEY_ID = 'simulated-eat-key';
const CHIPS: Readonly<Record<GpuArchitecture, string>> = { HOPPER: 'GH100', BLACKWELL: 'GB100' };

function createStatuses(
  { devices, manifestChain }: GpuPki,
  now: number,
  faults: ReadonlySet<GpuFault>,
): readonly Uint8Array[] {
  const responder = createOcspResponder(now, faults);
  // Certificates that several chains share are answered for once.
  const issuers = new Map<GpuCertificate, GpuCertificate>();
  for (const chain of [...devices.map(({ chain: [, ...issued] }) => issued), manifestChain]) {
    for (const [index, subject] of chain.slice(0, -1).entries())
      issuers.set(subject, chain[index + 1] as GpuCertificate);
  }
  return Array.from(issuers, ([subject, issuer]) => responder.answer(subject, issuer));
}

/** Starts simulated GPUs with a PKI of their own. Development only: production roots reject all of it. */
export function createSimulatedGpus(options: SimulatedGpusOptions = {}): SimulatedGpus {
  const { clock = systemClock, arch = 'HOPPER', count = 1, claims: version = '3.0' } = options;
  const faults = new Set(options.faults ?? []);
  const chip = CHIPS[arch];
  const now = clock.now();
  const pki = createGpuPki({ now, count, chip }, faults);
  const ueids = pki.devices.map(({ chain: [leaf] }) => leaf?.serial ?? '');
  const attestRemotely = (nonce: Uint8Array): string =>
    createNrasAnswer({ key: pki.serviceKey.key, keyId: KEY_ID, now, nonce, ueids, chip, version, faults });
  return {
    attestRemotely,
    collect(nonce) {
      const nrasToken = attestRemotely(nonce);
      return pki.devices.map((device) => ({
        arch,
        report: createGpuReport(device, nonce, faults),
        certChain: utf8(device.chain.map(({ pem }) => pem).join('')),
        nrasToken,
      }));
    },
    roots: {
      device: [pki.deviceRoot.raw],
      attestationService: [pki.serviceAuthority.raw],
      referenceValues: [pki.referenceRoot.raw],
    },
    keys: { [KEY_ID]: [pki.serviceKey, pki.serviceAuthority].map(({ raw }) => toBase64(raw)) },
    manifests: (['driver', 'vbios'] as const).map((kind) => createManifest({ kind, chip, pki, faults })),
    statuses: createStatuses(pki, now, faults),
    policy: { arch, count, drivers: [GPU_VERSIONS.driver], vbios: [GPU_VERSIONS.vbios] },
  };
}
