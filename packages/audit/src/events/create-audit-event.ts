import { systemClock } from '@cloister/core';
import type { AuditEvent, Clock, RandomSource } from '@cloister/core';
import { createUlid } from './ulid.ts';

/** An event without what `createAuditEvent` adds: version, id and time. */
export type AuditEventFields = AuditEvent extends infer Event
  ? Event extends AuditEvent
    ? Omit<Event, 'v' | 'id' | 'ts'>
    : never
  : never;

/**
 * Completes an event with its version, the time and a ULID. The sink checks it; nothing is checked here.
 * @param options.clock milliseconds since the epoch; @param options.random 10 bytes an event
 */
export function createAuditEvent(
  fields: AuditEventFields,
  options: { readonly clock?: Clock; readonly random?: RandomSource } = {},
): AuditEvent {
  const ts = Math.trunc((options.clock ?? systemClock).now());
  return { ...fields, v: 1, id: createUlid(ts, options.random), ts } as AuditEvent;
}
