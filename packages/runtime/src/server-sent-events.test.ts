import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '@cloister/core';
import { readEvents } from './server-sent-events.ts';

function streamOf(pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
}

const read = (text: string, size = text.length): Promise<string[]> => {
  const bytes = utf8(text);
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += size) pieces.push(bytes.subarray(start, start + size));
  return Array.fromAsync(readEvents(streamOf(pieces)));
};

const WHOLE = 'data: {"a":"ü"}\n\n: filler\n\ndata: {"b":2}\n\ndata: [DONE]\n\n';

describe('readEvents', () => {
  it('gives the data of each event, however the bytes are split, and skips comments', async () => {
    for (let size = 1; size <= WHOLE.length; size++) {
      expect(await read(WHOLE, size)).toEqual(['{"a":"ü"}', '{"b":2}']);
    }
  });

  it('reads the body to its end, past [DONE]', async () => {
    let ended = false;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(utf8('data: [DONE]\n\n')),
      pull(controller) {
        ended = true;
        controller.close();
      },
    });
    expect(await Array.fromAsync(readEvents(body))).toEqual([]);
    expect(ended).toBe(true);
  });

  it('never takes a cut stream for a whole one', async () => {
    const done = WHOLE.indexOf('[DONE]') + '[DONE]\n'.length;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: done - 1 }), async (length) => {
        await expect(read(WHOLE.slice(0, length), 7)).rejects.toMatchObject({ code: 'ERR_RUNTIME_ANSWER_CUT' });
      }),
    );
  });

  it('refuses events after [DONE], bytes that are not UTF-8, and an endless event', async () => {
    await expect(read(`${WHOLE}data: {}\n\n`)).rejects.toMatchObject({ code: 'ERR_RUNTIME_ANSWER_MALFORMED' });
    const broken = readEvents(streamOf([Uint8Array.of(0x64, 0xff, 0xfe)]));
    await expect(Array.fromAsync(broken)).rejects.toMatchObject({ code: 'ERR_RUNTIME_ANSWER_MALFORMED' });
    const pieces = ['data: ', ...Array.from({ length: 40 }, () => 'x'.repeat(65_536))];
    const endless = readEvents(streamOf(pieces.map(utf8)));
    await expect(Array.fromAsync(endless)).rejects.toMatchObject({ code: 'ERR_RUNTIME_ANSWER_MALFORMED' });
  });
});
