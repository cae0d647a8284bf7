import { concat, utf8 } from '@cloister/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFinalEventGate } from './final-event-gate.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

function pass(...pieces: readonly string[]): { readonly passed: readonly string[]; readonly rest: string } {
  const gate = createFinalEventGate();
  return { passed: pieces.map((piece) => text(gate.push(utf8(piece)))), rest: text(gate.rest()) };
}

describe('the gate in front of the end marker', () => {
  it('lets whole events pass at once', () => {
    expect(pass('data: a\n\n', 'data: b\n\n')).toEqual({ passed: ['data: a\n\n', 'data: b\n\n'], rest: '' });
  });

  it.each([
    'data: [DONE]\n\n',
    'data:[DONE]\n\n',
    'data: [DONE]\r\n\r\n',
    'event: response.completed\ndata: {"type":"response.completed"}\n\n',
    'event: response.incomplete\ndata: {}\n\n',
    'event: response.failed\ndata: {}\n\n',
  ])('keeps %j and all after it', (marker) => {
    expect(pass('data: a\n\n', marker, 'data: b\n\n')).toEqual({
      passed: ['data: a\n\n', '', ''],
      rest: `${marker}data: b\n\n`,
    });
    expect(pass(`data: a\n\n${marker}`)).toEqual({ passed: ['data: a\n\n'], rest: marker });
  });

  it('keeps half events until they are whole', () => {
    expect(pass('data: [DO', 'G]\n', '\ndata: x')).toEqual({ passed: ['', '', 'data: [DOG]\n\n'], rest: 'data: x' });
  });

  it.each([
    'data: {"text":"data: [DONE]"}\n\n',
    'data: [done]\n\n',
    ': data: [DONE]\n\n',
    'event: response.created\ndata: {}\n\n',
  ])('does not mistake %j for the marker', (event) => {
    expect(pass(event).rest).toBe('');
  });

  it('loses and reorders nothing, and never shows the marker, however the bytes are cut', () => {
    const events = fc.array(
      fc.constantFrom('data: a\n\n', ': ping\n\n', 'data: {"x":"[DONE]"}\r\n\r\n', 'data: [DONE]\n\n'),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(events, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (parts, sizes) => {
        const bytes = utf8(parts.join(''));
        const gate = createFinalEventGate();
        const passed: Uint8Array[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          passed.push(gate.push(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(text(concat(...passed))).not.toContain('data: [DONE]\n');
        expect(text(concat(...passed, gate.rest()))).toBe(parts.join(''));
      }),
    );
  });
});
