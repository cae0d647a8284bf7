import { concat, sha384, systemRandom, utf8 } from '@cloister/core';
import { FIRMWARE_ID, type SimulatedDevice } from './create-gpu-pki.ts';
import type { GpuFault } from './gpu-faults.ts';
import { createP384Key } from './p384-key.ts';

/** Versions of the simulated driver and VBIOS, and of older ones. */
export const GPU_VERSIONS = {
  driver: '580.95.05',
  vbios: '96.00.D9.00.01',
  oldDriver: '535.54.03',
  oldVbios: '96.00.5E.00.01',
} as const;

/** How many measurements a report holds. */
export const MEASUREMENTS = 64;

/** The measurement at an index that starts at 1, 48 bytes: even ones are unused and zero, as on real devices most are. */
export function simulatedMeasurement(index: number): Uint8Array {
  return index % 2 === 0 ? new Uint8Array(48) : sha384(utf8(`cloister simulated GPU measurement ${index}`));
}

function littleEndian(value: number, length: 2 | 3): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (value >>> (8 * index)) & 0xff);
}

function createBlock(index: number, value: Uint8Array): Uint8Array {
  return concat(
    Uint8Array.of(index, 1),
    littleEndian(value.length + 3, 2),
    Uint8Array.of(1),
    littleEndian(value.length, 2),
    value,
  );
}

function createField(type: number, value: Uint8Array): Uint8Array {
  return concat(littleEndian(type, 2), littleEndian(value.length, 2), value);
}

function encodeVbios(version: string): Uint8Array {
  const [d = 0, c = 0, b = 0, a = 0, oem = 0] = version.split('.').map((part) => Number.parseInt(part, 16));
  return Uint8Array.of(a, b, c, d, oem, 0, 0, 0);
}

function createOpaqueData(faults: ReadonlySet<GpuFault>): Uint8Array {
  const driver = faults.has('driver-old') ? GPU_VERSIONS.oldDriver : GPU_VERSIONS.driver;
  const vbios = faults.has('vbios-old') ? GPU_VERSIONS.oldVbios : GPU_VERSIONS.vbios;
  const firmware = faults.has('report-firmware-other') ? sha384(utf8('other firmware')) : FIRMWARE_ID;
  return concat(
    createField(6, encodeVbios(vbios)),
    createField(15, utf8('882\0')),
    createField(17, utf8('1010\0')),
    createField(18, utf8('0200\0')),
    createField(3, concat(utf8(driver), Uint8Array.of(0))),
    createField(11, Uint8Array.of(0x55)),
    createField(20, firmware),
  );
}

/** SPDM 1.1 GET_MEASUREMENTS, request and signed response, over a nonce of 32 bytes. */
export function createGpuReport(device: SimulatedDevice, nonce: Uint8Array, faults: ReadonlySet<GpuFault>): Uint8Array {
  const asked = faults.has('report-nonce-other') ? systemRandom(32) : nonce;
  const changed = faults.has('report-measurement-other') ? 9 : 0;
  const blocks = concat(
    ...Array.from({ length: MEASUREMENTS }, (_, offset) =>
      createBlock(offset + 1, offset + 1 === changed ? sha384(utf8('changed')) : simulatedMeasurement(offset + 1)),
    ),
  );
  const opaque = createOpaqueData(faults);
  const signed = concat(
    Uint8Array.of(0x11, 0xe0, 0x01, 0xff),
    asked,
    Uint8Array.of(0, 0x11, 0x60, 0, 0, MEASUREMENTS),
    littleEndian(blocks.length, 3),
    blocks,
    systemRandom(32),
    littleEndian(opaque.length, 2),
    opaque,
  );
  const key = faults.has('report-signature-foreign') ? createP384Key() : device.chain[0]?.key;
  if (key === undefined) throw new TypeError('a device has certificates');
  return concat(signed, key.sign(signed, 'ieee-p1363'));
}
