import { concat, fromUtf8, utf8 } from '@cloister/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFillerStrip } from './strip-filler.ts';

const strip = (...pieces: readonly string[]): string => {
  const filler = createFillerStrip();
  return pieces.map((piece) => fromUtf8(filler.push(utf8(piece)))).join('');
};

describe('the filler strip', () => {
  it.each([
    [['data: a\n\n:~~~\ndata: b\n\n'], 'data: a\n\ndata: b\n\n'],
    [[':~~\n\n\n:\ndata: a\n\n\n'], 'data: a\n\n'],
    [['data: a\n\n:~', '~~', '\n', '\n', 'data: b\n\n'], 'data: a\n\ndata: b\n\n'],
    [['data: a', '\n', '\n', '\n'], 'data: a\n\n'],
    [
      ['event: x\ndata: :not filler\n: a comment within an event\n\n'],
      'event: x\ndata: :not filler\n: a comment within an event\n\n',
    ],
    [['data: a\r\n\r\n:~\ndata: b\r\n\r\n'], 'data: a\r\n\r\ndata: b\r\n\r\n'],
  ])('%j', (pieces, expected) => {
    expect(strip(...pieces)).toBe(expected);
  });

  it('gives the events back whatever filler and cuts there are', () => {
    const text = fc.stringMatching(/^[a-z:~ ]{0,12}$/);
    const filler = fc.constantFrom('', '\n', ':\n', ':~~~~~\n', '\n\n:~\n');
    fc.assert(
      fc.property(fc.array(fc.tuple(text, filler)), fc.array(fc.nat(200)), (events, cuts) => {
        const clean = events.map(([data]) => `data: ${data}\n\n`).join('');
        const wire = utf8(events.map(([data, between]) => `data: ${data}\n\n${between}`).join(''));
        const places = [0, ...cuts.filter((cut) => cut < wire.length).toSorted((a, b) => a - b), wire.length];
        const strips = createFillerStrip();
        const out = places.slice(1).map((end, index) => strips.push(wire.subarray(places[index], end)));
        expect(fromUtf8(concat(...out))).toBe(clean);
      }),
    );
  });
});
