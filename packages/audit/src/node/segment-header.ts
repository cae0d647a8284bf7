import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { bigEndian, concat, equalBytes, utf8 } from '@cloister/core';
import { auditError } from '../errors.ts';

/** What a segment says before its first entry. */
export interface SegmentHeader {
  /** Index of its first entry. */
  readonly first: number;
  /** RFC 6962 root over all entries before it, 32 bytes. */
  readonly root: Uint8Array;
}

const MAGIC = utf8('cloister-audit/3\n');

/** Bytes of a header. */
export const HEADER_LENGTH: number = MAGIC.length + 8 + 32 + 4;

/** The header: magic, u64 first index, the root before it, u32 CRC-32 over all that; big-endian. */
export function encodeHeader({ first, root }: SegmentHeader): Uint8Array {
  const head = concat(MAGIC, bigEndian(first, 8), root);
  return concat(head, bigEndian(crc32(head), 4));
}

/** The header of an open segment. @throws CloisterError `ERR_AUDIT_CORRUPT` */
export async function readHeader(file: FileHandle): Promise<SegmentHeader> {
  const { buffer, bytesRead } = await file.read(new Uint8Array(HEADER_LENGTH), 0, HEADER_LENGTH, 0);
  return parseHeader(buffer.subarray(0, bytesRead));
}

function parseHeader(bytes: Uint8Array): SegmentHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const head = bytes.subarray(0, HEADER_LENGTH - 4);
  const isWhole = bytes.length >= HEADER_LENGTH && equalBytes(bytes.subarray(0, MAGIC.length), MAGIC);
  if (!isWhole || view.getUint32(HEADER_LENGTH - 4) !== crc32(head)) throw auditError('ERR_AUDIT_CORRUPT');
  const first = view.getBigUint64(MAGIC.length);
  if (first > BigInt(Number.MAX_SAFE_INTEGER)) throw auditError('ERR_AUDIT_CORRUPT');
  return { first: Number(first), root: bytes.slice(MAGIC.length + 8, HEADER_LENGTH - 4) };
}

/** `segment-000042.log` */
export function segmentName(number: number): string {
  return `segment-${String(number).padStart(6, '0')}.log`;
}

/** The number of a segment's file name; `undefined` for other names. */
export function segmentNumber(name: string): number | undefined {
  const [, digits] = /^segment-([0-9]{6,12})\.log$/.exec(name) ?? [];
  return digits !== undefined && segmentName(Number(digits)) === name ? Number(digits) : undefined;
}
