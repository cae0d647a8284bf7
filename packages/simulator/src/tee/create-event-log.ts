import { concat, sha384, toHex, utf8 } from '@cloister/core';

/** An event that the simulated guest extends into RTMR3 as it starts. */
export interface SimulatedEvent {
  readonly name: string;
  readonly payload: Uint8Array;
}

/** What a guest's log says and where it leads. */
export interface SimulatedEventLog {
  /** JSON in dstack's form. */
  readonly log: Uint8Array;
  /** RTMR0 to RTMR3, 48 bytes each. */
  readonly registers: readonly Uint8Array[];
}

const FIRMWARE_EVENT = 0x8000_0001;
const RUNTIME_EVENT = 0x0800_0001;

/** One firmware event in each of the first three registers, then the guest's own in the fourth. */
export function createEventLog(events: readonly SimulatedEvent[]): SimulatedEventLog {
  const firmware = [0, 1, 2].map((imr) => ({
    imr,
    event_type: FIRMWARE_EVENT,
    digest: sha384(utf8(`cloister simulated firmware ${imr}`)),
    event: '',
    event_payload: '',
  }));
  const own = events.map(({ name, payload }) => ({
    imr: 3,
    event_type: RUNTIME_EVENT,
    digest: sha384(concat(Uint8Array.of(0x01, 0x00, 0x00, 0x08), utf8(`:${name}:`), payload)),
    event: name,
    event_payload: toHex(payload),
  }));
  const entries = [...firmware, ...own];
  const registers = [0, 1, 2, 3].map((imr) =>
    entries
      .filter((entry) => entry.imr === imr)
      .reduce<Uint8Array>((register, { digest }) => sha384(concat(register, digest)), new Uint8Array(48)),
  );
  const log = utf8(JSON.stringify(entries.map((entry) => ({ ...entry, digest: toHex(entry.digest) }))));
  return { log, registers };
}
