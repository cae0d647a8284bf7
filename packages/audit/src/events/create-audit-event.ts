import { bigEndian, concat, systemClock, systemRandom } from '@cloister/core';
import type { AuditEvent, Clock, RandomSource } from '@cloister/core';

/** An event without what `createAuditEvent` adds: version, id and time. */
export type AuditEventFields = AuditEvent extends infer Event
  ? Event extends AuditEvent
    ? Omit<Event, 'v' | 'id' | 'ts'>
    : never
  : never;

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * Completes an event with its version, the time and a ULID. The sink checks it; nothing is checked here.
 * @param options.clock milliseconds since the epoch; @param options.random 10 bytes an event
 */
export function createAuditEvent(
  fields: AuditEventFields,
  options: { readonly clock?: Clock; readonly random?: RandomSource } = {},
): AuditEvent {
  const ts = Math.trunc((options.clock ?? systemClock).now());
  return { ...fields, v: 1, id: ulid(ts, options.random ?? systemRandom), ts } as AuditEvent;
}

/** 48 bits of time and 80 random bits, most significant first, in 26 characters. */
function ulid(ts: number, random: RandomSource): string {
  const bytes = concat(bigEndian(ts, 8).subarray(2), random(10));
  // 128 bits are two short of 26 characters, so the first character holds three bits only.
  let [text, bits, held] = ['', 0, 2];
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    held += 8;
    while (held >= 5) {
      held -= 5;
      text += CROCKFORD[(bits >> held) & 31];
      bits &= (1 << held) - 1;
    }
  }
  return text;
}
