import { concat, fromHex, isCloisterError, sha384, toHex, utf8 } from '@cloister/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadText } from '../../../../../test/evidence/load-vectors.ts';
import { parseTdxQuote } from '../parse-tdx-quote.ts';
import { parseEventLog, replayEvents } from './check-event-log.ts';

const dstack = JSON.parse(loadText('dstack-quote-report.json')) as { quote: string; event_log: string };
const { report } = parseTdxQuote(fromHex(dstack.quote));
const registers = [report.rtmr0, report.rtmr1, report.rtmr2, report.rtmr3].map(toHex);
const log = utf8(dstack.event_log);

function attempt(bytes: Uint8Array): string {
  try {
    return replayEvents(parseEventLog(bytes)).map(toHex).join();
  } catch (error) {
    return isCloisterError(error) ? error.code : 'foreign error';
  }
}

function little(value: number, length: 2 | 4): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (value >>> (8 * index)) & 0xff);
}

/** The same events in the form of the ACPI table, with SHA-256 digests beside and an event that is not extended. */
function toCcel(): Uint8Array {
  const description = concat(utf8('Spec ID Event03\0'), new Uint8Array(17));
  const header = concat(little(0, 4), little(3, 4), new Uint8Array(20), little(description.length, 4), description);
  const entry = (index: number, type: number, digest: Uint8Array): Uint8Array =>
    concat(
      concat(little(index, 4), little(type, 4), little(2, 4), little(0x000b, 2), new Uint8Array(32)),
      concat(little(0x000c, 2), digest, little(3, 4), Uint8Array.of(1, 2, 3)),
    );
  const events = parseEventLog(log).map(({ register, digest }) => entry(register + 1, 13, digest));
  return concat(header, entry(0, 3, new Uint8Array(48)), ...events, new Uint8Array(64).fill(0xff));
}

describe('a genuine log', () => {
  test('replays to the four registers of its quote', () => {
    expect(parseEventLog(log)).toHaveLength(28);
    expect(attempt(log)).toBe(registers.join());
  });

  test('gives the same in the form of the ACPI table', () => {
    expect(attempt(toCcel())).toBe(registers.join());
  });

  test('leads elsewhere when an event is gone, and a name or payload may not change', () => {
    const entries = JSON.parse(dstack.event_log) as Record<string, unknown>[];
    expect(attempt(utf8(JSON.stringify(entries.slice(1))))).not.toBe(registers.join());
    const renamed = entries.map((entry) => (entry['event'] === 'compose-hash' ? { ...entry, event: 'app-id' } : entry));
    expect(attempt(utf8(JSON.stringify(renamed)))).toBe('ERR_EVIDENCE_EVENT_LOG_MISMATCH');
  });
});

describe('form', () => {
  test.each([
    ['nothing', ''],
    ['no list', '{}'],
    ['an unknown register', '[{"imr":4,"event_type":1,"digest":"","event":"","event_payload":""}]'],
    ['a short digest', '[{"imr":0,"event_type":1,"digest":"ab","event":"","event_payload":""}]'],
    ['a repeated member', '[{"imr":0,"imr":0}]'],
  ])('%s is malformed', (_, text) => {
    expect(attempt(utf8(text))).toBe('ERR_EVIDENCE_EVENT_LOG_MALFORMED');
  });

  test('an empty log leaves the registers at zero; one event is one extension', () => {
    expect(attempt(utf8('[]'))).toBe(Array(4).fill('00'.repeat(48)).join());
    const digest = sha384(utf8('one'));
    const [first] = replayEvents([{ register: 0, digest }]);
    expect(first).toEqual(sha384(concat(new Uint8Array(48), digest)));
  });

  test('every cut of a table is refused or is a shorter log, and no input throws anything else', () => {
    const table = toCcel();
    for (let length = 0; length < table.length - 60; length++) {
      const outcome = attempt(table.subarray(0, length));
      expect(outcome).not.toBe('foreign error');
      if (length < table.length - 64) expect(outcome).not.toBe(registers.join());
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(attempt(bytes)).not.toBe('foreign error');
        expect(attempt(concat(table.subarray(0, 69), bytes))).not.toBe('foreign error');
      }),
    );
  });
});
