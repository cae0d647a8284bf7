import { generateKeyPairSync } from 'node:crypto';
import { type Clock, type EvidenceProvider, sha256, systemClock, toHex } from '@cloister/core';
import type { SnpCollateral, TrustRoots } from '@cloister/evidence';
import { type AmdLine, SNP_PINS, type SnpPin, type SnpTcbFloors } from '@cloister/evidence/snp';
import type { SimulatedGpus } from '../nvidia/create-simulated-gpus.ts';
import { createSnpPki, type SnpPki } from './create-snp-pki.ts';
import {
  createSnpMeasurements,
  createSnpReport,
  type SnpMeasurements,
  type SnpReportMaterial,
} from './create-snp-report.ts';
import { loadRsaKeys } from './rsa-keys.ts';
import type { SnpFault } from './snp-faults.ts';
import { createTcb } from './snp-platform.ts';

/** How to simulate. */
export interface SimulatedSnpOptions {
  /** Dates of certificates and lists are set around its time; the system's unless said. */
  readonly clock?: Clock;
  /** Genoa unless said. */
  readonly line?: AmdLine;
  /** Whose key signs: the chip's (VCEK, unless said) or a provider's (VLEK). */
  readonly signer?: 'vcek' | 'vlek';
  /** Version of the reports; 5 unless said. */
  readonly version?: 2 | 3 | 4 | 5;
  /** Measurements that differ from the fixed ones. */
  readonly measurements?: Partial<SnpMeasurements>;
  /** GPUs of the machine; none unless given. */
  readonly gpus?: SimulatedGpus;
  /** What shall be wrong; nothing unless said. */
  readonly faults?: readonly SnpFault[];
}

/** A SEV-SNP platform in software. Its evidence has the exact form of AMD's and ends in a root made for this process. */
export interface SimulatedSnp {
  /** Issues reports and sends certificates and list along. */
  readonly provider: EvidenceProvider;
  /** The roots a verifier must be given explicitly to accept it. */
  readonly roots: TrustRoots;
  /** What is pinned, hex. */
  readonly measurements: Readonly<Record<SnpPin, string>>;
  /** Pins for a policy's `workload`: image and what it was given to run. */
  readonly workload: Readonly<Pick<Record<SnpPin, string>, 'measurement' | 'hostData'>>;
  /** The platform's own TCB as a floor for a policy. */
  readonly minimumTcb: SnpTcbFloors;
  /** What AMD's key distribution service would say. */
  readonly collateral: Readonly<Record<keyof SnpCollateral, readonly Uint8Array[]>>;
}

function chooseCerts({ vek, intermediate, ark }: SnpPki, faults: ReadonlySet<SnpFault>): readonly Uint8Array[] {
  const [first, second, third] = [vek.raw, intermediate.raw, ark.raw];
  if (faults.has('certificate-missing')) return [first, second];
  return [faults.has('certificate-malformed') ? first.subarray(1) : first, second, third];
}

function chooseLists({ list }: SnpPki, faults: ReadonlySet<SnpFault>): readonly Uint8Array[] {
  if (faults.has('list-missing')) return [];
  return [faults.has('list-malformed') ? list.subarray(1) : list];
}

function createProvider(
  material: SnpReportMaterial,
  collateral: SimulatedSnp['collateral'],
  gpus: SimulatedGpus | undefined,
): EvidenceProvider {
  return {
    tee: 'sev-snp',
    collect: async (reportData) => {
      if (reportData.length !== 64) throw new RangeError('report data has 64 bytes');
      return { tee: 'sev-snp', report: createSnpReport(material, reportData), ...collateral };
    },
    collectGpus: async (nonce) => gpus?.collect(nonce) ?? [],
  };
}

/**
 * Starts a simulated SEV-SNP platform with a PKI of its own: ARK, ASK or ASVK, VCEK or VLEK, and the root's revocation list.
 * Development only: every verdict over it says SIMULATED, and production roots reject it.
 */
export async function createSimulatedSnp(options: SimulatedSnpOptions = {}): Promise<SimulatedSnp> {
  const { clock = systemClock, line = 'Genoa', signer = 'vcek', version = 5, gpus } = options;
  const faults = new Set(options.faults ?? []);
  const platform = { line, signer, now: clock.now(), keys: await loadRsaKeys(), faults };
  const pki = createSnpPki(platform);
  const certs = chooseCerts({ ...pki, ...(faults.has('root-foreign') && { ark: createSnpPki(platform).ark }) }, faults);
  const collateral = { certs, crls: chooseLists(pki, faults) };
  const measurements = { ...createSnpMeasurements(), ...options.measurements };
  const { privateKey: foreignKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const material = { line, signer, version, measurements, key: pki.vek.key, foreignKey, faults };
  const pins = Object.keys(SNP_PINS) as readonly SnpPin[];
  const named = Object.fromEntries(pins.map((pin) => [pin, toHex(measurements[pin])])) as Record<SnpPin, string>;
  return {
    provider: createProvider(material, collateral, gpus),
    roots: { intel: [], amd: [{ line, sha256: toHex(sha256(pki.ark.raw)) }], nvidia: gpus?.roots, simulated: true },
    measurements: named,
    workload: { measurement: named.measurement, hostData: named.hostData },
    minimumTcb: { [line]: createTcb(line) },
    collateral,
  };
}
