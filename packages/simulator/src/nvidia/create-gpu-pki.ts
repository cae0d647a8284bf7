import { sha384, utf8 } from '@cloister/core';
import { createGpuCertificate, type GpuCertificate } from './create-gpu-certificate.ts';
import type { GpuFault } from './gpu-faults.ts';

const DAY = 86_400_000;
const YEAR = 365 * DAY;

/** Firmware that the simulated devices' certificates are made for. */
export const FIRMWARE_ID: Uint8Array = sha384(utf8('cloister simulated GPU firmware'));

/** One simulated device: its five certificates, its own first. */
export interface SimulatedDevice {
  readonly chain: readonly GpuCertificate[];
}

/** The certificates of a simulated GPU vendor. */
export interface GpuPki {
  readonly deviceRoot: GpuCertificate;
  readonly devices: readonly SimulatedDevice[];
  /** Issues the keys of the attestation service. */
  readonly serviceAuthority: GpuCertificate;
  /** Signs tokens. */
  readonly serviceKey: GpuCertificate;
  readonly referenceRoot: GpuCertificate;
  /** The signer of manifests first, the root above it last. */
  readonly manifestChain: readonly GpuCertificate[];
}

interface Dates {
  readonly notBefore: number;
  readonly notAfter: number;
}

function createDevice(
  chip: string,
  authorities: readonly GpuCertificate[],
  dates: Dates,
  leafDates: Dates,
): SimulatedDevice {
  const [issuer] = authorities;
  const own = createGpuCertificate({
    commonName: `${chip} A01 GSP BROM`,
    authority: 'certificates',
    ...dates,
    ...(issuer === undefined ? {} : { issuer }),
  });
  const leaf = createGpuCertificate({
    commonName: `${chip} A01 GSP FMC LF`,
    issuer: own,
    firmwareId: FIRMWARE_ID,
    ...leafDates,
  });
  return { chain: [leaf, own, ...authorities] };
}

/** Makes all certificates around the time `now`, ms since the epoch. */
export function createGpuPki(
  { now, count, chip }: { readonly now: number; readonly count: number; readonly chip: string },
  faults: ReadonlySet<GpuFault>,
): GpuPki {
  const dates = { notBefore: now - YEAR, notAfter: now + 20 * YEAR };
  const short = (fault: GpuFault): Dates => ({
    notBefore: now - 30 * DAY,
    notAfter: faults.has(fault) ? now - DAY : now + DAY,
  });
  const authority = (commonName: string, issuer?: GpuCertificate): GpuCertificate =>
    createGpuCertificate({ commonName, authority: 'full', ...dates, ...(issuer === undefined ? {} : { issuer }) });
  const deviceRoot = authority('NVIDIA Device Identity CA');
  const identity = authority(
    `NVIDIA ${chip} Identity`,
    faults.has('report-chain-foreign') ? authority('Nobody') : deviceRoot,
  );
  const provisioner = authority(`NVIDIA ${chip} Provisioner ICA 1`, identity);
  const issuers = [provisioner, identity, deviceRoot];
  const leafDates = faults.has('report-certificate-expired') ? short('report-certificate-expired') : dates;
  const devices = Array.from({ length: count }, () => createDevice(chip, issuers, dates, leafDates));
  const [first] = devices;
  const serviceAuthority = authority('NVIDIA Attestation Service GPU Intermediate 004');
  const serviceIssuer = faults.has('token-key-foreign') ? authority('Nobody') : serviceAuthority;
  const serviceKey = createGpuCertificate({
    commonName: `NVIDIA Attestation Service GPU ${chip}`,
    issuer: serviceIssuer,
    ...short('token-key-expired'),
  });
  const referenceRoot = authority('NVIDIA CoRIM signing Root CA');
  const manifestIssuer = authority(
    `NVIDIA Reference Value ${chip} CA`,
    faults.has('manifest-chain-foreign') ? authority('Nobody') : referenceRoot,
  );
  const manifestSigner = createGpuCertificate({
    commonName: 'HCC RIM L4 Signer',
    issuer: manifestIssuer,
    ...short('manifest-certificate-expired'),
  });
  return {
    deviceRoot,
    devices: faults.has('same-device-twice') && first !== undefined ? devices.map(() => first) : devices,
    serviceAuthority,
    serviceKey,
    referenceRoot,
    manifestChain: [manifestSigner, manifestIssuer, referenceRoot],
  };
}
