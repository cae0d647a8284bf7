import { describe, expect, it } from 'vitest';
import { utf8 } from './bytes.ts';
import { endOfEvent } from './end-of-event.ts';

describe('endOfEvent', () => {
  it.each<[string, number, number]>([
    ['data: a\n\ndata: b\n\n', 0, 9],
    ['data: a\n\ndata: b\n\n', 9, 18],
    ['data: a\r\n\r\nx', 0, 11],
    ['data: a\ndata: b\n', 0, -1],
    ['data: a\r\n\r', 0, -1],
    ['\n\n', 0, 2],
    ['', 0, -1],
  ])('%j from %d is %d', (text, from, end) => {
    expect(endOfEvent(utf8(text), from)).toBe(end);
  });
});
