import { concat, equalBytes, fromHex, sha384 } from '@cloister/core';
import type { CheckList } from '../../check.ts';
import type { TdReport } from '../quote-types.ts';
import type { EventPin } from '../tdx-policy.ts';
import { parseCcelLog } from './parse-ccel-log.ts';
import { parseJsonLog } from './parse-json-log.ts';
import type { RuntimeEvent } from './runtime-event.ts';

const OPENING_BRACKET = 0x5b;

/** Parses an event log of either form; they cannot be confused: one begins with a bracket, the other with a zero index. */
export function parseEventLog(bytes: Uint8Array): readonly RuntimeEvent[] {
  return bytes[0] === OPENING_BRACKET ? parseJsonLog(bytes) : parseCcelLog(bytes);
}

/** The four runtime measurements that a log leads to, 48 bytes each: register = SHA-384(register || digest). */
export function replayEvents(events: readonly RuntimeEvent[]): readonly Uint8Array[] {
  const registers: Uint8Array[] = Array.from({ length: 4 }, () => new Uint8Array(48));
  for (const { register, digest } of events)
    registers[register] = sha384(concat(registers[register] ?? new Uint8Array(48), digest));
  return registers;
}

/** A name has to occur once: code that runs later can extend an event of the same name. */
function holdsEvent(events: readonly RuntimeEvent[], pin: EventPin): boolean {
  const inRegister = events.filter(({ register }) => register === pin.register);
  if ('digest' in pin) return inRegister.filter(({ digest }) => equalBytes(digest, fromHex(pin.digest))).length === 1;
  const named = inRegister.flatMap(({ recorded }) => (recorded?.name === pin.name ? [recorded.payload] : []));
  return named.length === 1 && named.every((payload) => equalBytes(payload, fromHex(pin.payload)));
}

function checkReplay(list: CheckList, log: Uint8Array, report: TdReport): readonly RuntimeEvent[] | undefined {
  const events = list.attempt('event-log.replay', 'ERR_EVIDENCE_EVENT_LOG_MALFORMED', () => parseEventLog(log));
  if (events === undefined) return undefined;
  const measured = [report.rtmr0, report.rtmr1, report.rtmr2, report.rtmr3];
  const leads = replayEvents(events).every((register, index) => equalBytes(register, measured[index] as Uint8Array));
  return list.require('event-log.replay', leads, 'ERR_EVIDENCE_EVENT_LOG_MISMATCH') ? events : undefined;
}

/**
 * Checks `event-log.replay` and `pin.events`. A log that is there must lead to the quote's registers, all four of them, also
 * when the policy pins no event: it would be reported otherwise as if it were true.
 */
export function checkEventLog(
  list: CheckList,
  log: Uint8Array | undefined,
  report: TdReport,
  pins: readonly EventPin[] | undefined,
): void {
  if (log === undefined && pins !== undefined) {
    list.require('event-log.replay', false, 'ERR_EVIDENCE_EVENT_LOG_MISSING');
    return;
  }
  if (pins === undefined) list.skip('pin.events', 'The policy pins no events.');
  if (log === undefined) list.skip('event-log.replay', 'The evidence holds no event log, and the policy needs none.');
  const events = log && checkReplay(list, log, report);
  if (events !== undefined && pins !== undefined)
    list.require(
      'pin.events',
      pins.every((pin) => holdsEvent(events, pin)),
      'ERR_EVIDENCE_EVENT_MISMATCH',
    );
}
