import { concat } from '@cloister/core';
import { expect, it } from 'vitest';
import { resumeSource, type ResumeSourceOptions } from './resume-source.ts';
import { createChunkTracker } from './track-chunks.ts';

/** A nonce, two chunks with lengths of one and of two bytes, the final chunk. */
const answer = concat(
  new Uint8Array(32).fill(0),
  Uint8Array.of(20, ...new Uint8Array(20)),
  Uint8Array.of(0x41, 0x00, ...new Uint8Array(256)),
  Uint8Array.of(0, ...new Uint8Array(30).fill(7)),
);
const FINAL = answer.length - 31;

function pieces(bytes: Uint8Array, size: number, failure?: Error): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at < bytes.length) return controller.enqueue(bytes.subarray(at, (at += size)));
      return failure === undefined ? controller.close() : controller.error(failure);
    },
  });
}

const read = async (stream: ReadableStream<Uint8Array>): Promise<Uint8Array> =>
  concat(...(await Array.fromAsync(stream)));

function resuming(
  cut: number,
  change: Partial<ResumeSourceOptions> = {},
  failure?: Error,
): [ReadableStream<Uint8Array>, number[]] {
  const offsets: number[] = [];
  const stream = resumeSource(pieces(answer.subarray(0, cut), 7, failure), {
    nonceBytes: 32,
    attempts: 2,
    signal: undefined,
    abandon: () => undefined,
    reconnect: async (offset) => {
      offsets.push(offset);
      return pieces(answer.subarray(offset), 11);
    },
    ...change,
  });
  return [stream, offsets];
}

it.each([1, 3, 300])('sees the final chunk begin, in pieces of %i bytes', (size) => {
  const tracker = createChunkTracker(32);
  for (let at = 0; at < answer.length; at += size) {
    const end = Math.min(at + size, answer.length);
    tracker.push(answer.subarray(at, end));
    expect(tracker.isFinal).toBe(end > FINAL);
  }
});

it('goes on after a break at any byte, and after a polite end before the final chunk', async () => {
  const tried = async (cut: number): Promise<void> => {
    const [broken, offsets] = resuming(cut, {}, new TypeError('terminated'));
    expect(await read(broken)).toEqual(answer);
    expect(offsets).toEqual([cut]);
    const [ended, asked] = resuming(cut);
    // Within the final chunk only the opener can tell that something is missing.
    expect(await read(ended)).toEqual(cut > FINAL ? answer.subarray(0, cut) : answer);
    expect(asked).toEqual(cut > FINAL ? [] : [cut]);
  };
  await Promise.all(Array.from(answer, (_, cut) => tried(cut)));
});

it('fails with the first error when the enclave says no, and after so many tries', async () => {
  const failure = new TypeError('terminated');
  const [refused] = resuming(50, { reconnect: async () => undefined }, failure);
  await expect(read(refused)).rejects.toBe(failure);
  let tries = 0;
  const unreachable = async (): Promise<never> => {
    tries++;
    throw new TypeError('unreachable');
  };
  const [lost] = resuming(50, { reconnect: unreachable, attempts: 3 }, failure);
  await expect(read(lost)).rejects.toBe(failure);
  expect(tries).toBe(3);
  // Connections that break before a byte has come are tries too.
  const [idle] = resuming(50, { reconnect: async () => pieces(new Uint8Array(0), 1, failure) }, failure);
  await expect(read(idle)).rejects.toBe(failure);
});

it('tells the enclave when nobody wants the rest, once', async () => {
  let abandoned = 0;
  const abandon = (): void => void abandoned++;
  const [left] = resuming(50, { abandon });
  const reader = left.getReader();
  await reader.read();
  await reader.cancel();
  expect(abandoned).toBe(1);
  const controller = new AbortController();
  const [aborted] = resuming(50, { abandon, signal: controller.signal }, new TypeError('terminated'));
  controller.abort();
  await expect(read(aborted)).rejects.toMatchObject({ name: 'AbortError' });
  expect(abandoned).toBe(2);
  const [whole] = resuming(answer.length, { abandon });
  await read(whole);
  expect(abandoned).toBe(2);
});
