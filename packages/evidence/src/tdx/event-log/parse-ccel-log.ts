import { tdxError } from '../errors.ts';
import { type ByteReader, createByteReader } from '../byte-reader.ts';
import type { RuntimeEvent } from './runtime-event.ts';

const SHA384 = 0x000c;
const NO_ACTION = 3;
const END = 0xffff_ffff;
const MAX_EVENTS = 4096;
/** Sizes of the digests that a log may hold, by TPM algorithm (TCG algorithm registry): SHA-1, SHA-256, SHA-384, SHA-512. */
const DIGEST_SIZES: ReadonlyMap<number, number> = new Map([
  [0x0004, 20],
  [0x000b, 32],
  [SHA384, 48],
  [0x000d, 64],
]);

function refuse(): never {
  throw tdxError('ERR_EVIDENCE_EVENT_LOG_MALFORMED');
}

/** The first event, in the old form, says how the rest is written (TCG PC client firmware profile, section 10.4.5.1). */
function readHeader(reader: ByteReader): void {
  reader.uint(4);
  if (reader.uint(4) !== NO_ACTION) refuse();
  reader.bytes(20);
  const description = reader.bytes(reader.uint(4));
  const signature = String.fromCharCode(...description.subarray(0, 15));
  if (signature !== 'Spec ID Event03') refuse();
}

function readDigest(reader: ByteReader): Uint8Array {
  let found: Uint8Array | undefined;
  const count = reader.uint(4);
  if (count === 0 || count > DIGEST_SIZES.size) refuse();
  for (let index = 0; index < count; index++) {
    const algorithm = reader.uint(2);
    const digest = reader.bytes(DIGEST_SIZES.get(algorithm) ?? refuse());
    if (algorithm === SHA384) found = digest;
  }
  return found ?? refuse();
}

/** One event (TCG_PCR_EVENT2). Measurement register 1 is RTMR0; 0 is MRTD, which no event extends. */
function readEvent(reader: ByteReader, index: number): RuntimeEvent | undefined {
  const type = reader.uint(4);
  const digest = readDigest(reader);
  reader.bytes(reader.uint(4));
  if (type === NO_ACTION) return undefined;
  if (index < 1 || index > 4) refuse();
  return { register: index - 1, digest };
}

/**
 * Parses the event log that the ACPI table CCEL points to: TCG crypto-agile form with SHA-384 digests, registers 1 to 4 for
 * RTMR0 to RTMR3 (UEFI specification, confidential computing event log). It ends with its bytes or with an index of all ones.
 * @throws CloisterError ERR_EVIDENCE_EVENT_LOG_MALFORMED
 */
export function parseCcelLog(bytes: Uint8Array): readonly RuntimeEvent[] {
  const events: RuntimeEvent[] = [];
  const reader = createByteReader(bytes);
  try {
    readHeader(reader);
    while (reader.offset < bytes.length) {
      const index = reader.uint(4);
      if (index === END) break;
      const event = readEvent(reader, index);
      if (event !== undefined) events.push(event);
      if (events.length > MAX_EVENTS) refuse();
    }
  } catch {
    refuse();
  }
  return events;
}
