import { fromUtf8, toHex } from '@cloister/core';
import { nvidiaError } from '../errors.ts';

/** One measurement of a GPU. */
export interface GpuMeasurement {
  /** From 1, as SPDM counts; reference files count from 0. */
  readonly index: number;
  readonly value: Uint8Array;
}

/** What a GPU signs: SPDM 1.1 GET_MEASUREMENTS (DSP0274 section 10.11), request and response. */
export interface GpuReport {
  /** The nonce that the request carried, 32 bytes. */
  readonly nonce: Uint8Array;
  readonly measurements: readonly GpuMeasurement[];
  /** NVIDIA's fields of the opaque data, by their number. */
  readonly fields: ReadonlyMap<number, Uint8Array>;
  /** For example `550.90.07`. */
  readonly driverVersion: string;
  /** For example `96.00.9F.00.01`. */
  readonly vbiosVersion: string;
  /** Digest of the firmware that the device's certificate was made for, 48 bytes; older firmware leaves it out. */
  readonly firmwareId: Uint8Array | undefined;
  /** Whether the video decoder is off, so that its measurement does not count. */
  readonly isDecoderOff: boolean;
  /** The signed part: the request and the response up to its signature. */
  readonly signed: Uint8Array;
  /** r || s, 96 bytes. */
  readonly signature: Uint8Array;
}

// Numbers of NVIDIA's opaque fields.
const DRIVER_VERSION = 3;
const VBIOS_VERSION = 6;
const DECODER_STATUS = 11;
const FIRMWARE_ID = 20;

const MAX_REPORT = 64 * 1024;
const SIGNATURE_LENGTH = 96;
const HASH_LENGTH = 48;
const OFF = 0x55;

interface Reader {
  bytes(length: number): Uint8Array;
  uint(length: 1 | 2 | 3): number;
  /** Refuses the report unless the next bytes are these. */
  expect(...values: readonly number[]): void;
  readonly offset: number;
  readonly done: boolean;
}

function createReader(input: Uint8Array): Reader {
  let offset = 0;
  const bytes = (length: number): Uint8Array => {
    if (length > input.length - offset) throw malformed(offset);
    offset += length;
    return input.subarray(offset - length, offset);
  };
  return {
    bytes,
    uint: (length) => bytes(length).reduceRight((value, byte) => value * 256 + byte, 0),
    expect(...values) {
      for (const value of values) if (bytes(1)[0] !== value) throw malformed(offset - 1);
    },
    get offset() {
      return offset;
    },
    get done() {
      return offset === input.length;
    },
  };
}

function malformed(offset: number): Error {
  return nvidiaError('ERR_EVIDENCE_GPU_REPORT_MALFORMED', { detail: { offset } });
}

/** SPDM 1.1, GET_MEASUREMENTS, signed, all blocks, the nonce, the slot. */
function readRequest(reader: Reader): { nonce: Uint8Array; slot: number } {
  reader.expect(0x11, 0xe0, 0x01, 0xff);
  const nonce = reader.bytes(32);
  return { nonce, slot: reader.uint(1) & 0x0f };
}

/** Measurement blocks in the DMTF format, in the order of their indexes. */
function readMeasurements(reader: Reader): readonly GpuMeasurement[] {
  const count = reader.uint(1);
  const end = reader.uint(3) + reader.offset;
  const measurements: GpuMeasurement[] = [];
  for (let last = 0; measurements.length < count; last = measurements.at(-1)?.index ?? 0) {
    const index = reader.uint(1);
    if (index <= last) throw malformed(reader.offset - 1);
    reader.expect(0x01);
    const size = reader.uint(2);
    reader.uint(1);
    const length = reader.uint(2);
    if (length !== size - 3) throw malformed(reader.offset - 2);
    measurements.push({ index, value: reader.bytes(length) });
  }
  if (reader.offset !== end || count === 0) throw malformed(reader.offset);
  return measurements;
}

function readFields(opaque: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const reader = createReader(opaque);
  const fields = new Map<number, Uint8Array>();
  while (!reader.done) {
    const type = reader.uint(2);
    if (fields.has(type)) throw malformed(reader.offset - 2);
    fields.set(type, reader.bytes(reader.uint(2)));
  }
  return fields;
}

function readDriverVersion(field: Uint8Array): string {
  const end = field.indexOf(0);
  const text = fromUtf8(end === -1 ? field : field.subarray(0, end));
  const isPadded = end === -1 || field.subarray(end).every((byte) => byte === 0);
  if (!isPadded || !/^[0-9][0-9.]{0,31}$/.test(text)) throw malformed(0);
  return text;
}

/** Eight bytes: major version little-endian, then the OEM's. Written as NVIDIA's tools write it. */
function readVbiosVersion(field: Uint8Array): string {
  if (field.length !== 8) throw malformed(0);
  const [a = 0, b = 0, c = 0, d = 0, oem = 0] = field;
  return Array.from([d, c, b, a, oem], (byte) => toHex(Uint8Array.of(byte)).toUpperCase()).join('.');
}

function requiredField(fields: ReadonlyMap<number, Uint8Array>, type: number): Uint8Array {
  const field = fields.get(type);
  if (field === undefined) throw malformed(0);
  return field;
}

function parse(bytes: Uint8Array): GpuReport {
  const reader = createReader(bytes);
  const { nonce, slot } = readRequest(reader);
  reader.expect(0x11, 0x60, 0x00);
  if ((reader.uint(1) & 0x0f) !== slot) throw malformed(reader.offset - 1);
  const measurements = readMeasurements(reader);
  reader.bytes(32);
  const fields = readFields(reader.bytes(reader.uint(2)));
  const signed = bytes.subarray(0, reader.offset);
  const signature = reader.bytes(SIGNATURE_LENGTH);
  if (!reader.done) throw malformed(reader.offset);
  const firmwareId = fields.get(FIRMWARE_ID);
  if (firmwareId !== undefined && firmwareId.length !== HASH_LENGTH) throw malformed(0);
  return {
    nonce,
    measurements,
    fields,
    driverVersion: readDriverVersion(requiredField(fields, DRIVER_VERSION)),
    vbiosVersion: readVbiosVersion(requiredField(fields, VBIOS_VERSION)),
    firmwareId,
    isDecoderOff: fields.get(DECODER_STATUS)?.[0] === OFF,
    signed,
    signature,
  };
}

/**
 * Parses a GPU's report, strictly: one accepted form, nothing after the signature, at most 64 KiB. Nothing in it is
 * trusted before its signature is.
 * @throws CloisterError ERR_EVIDENCE_GPU_REPORT_MALFORMED
 */
export function parseGpuReport(bytes: Uint8Array): GpuReport {
  if (bytes.length > MAX_REPORT) throw malformed(MAX_REPORT);
  try {
    return parse(bytes);
  } catch (error) {
    // A version that is not UTF-8 text is one more way to be malformed.
    if (error instanceof TypeError) throw malformed(0);
    throw error;
  }
}
