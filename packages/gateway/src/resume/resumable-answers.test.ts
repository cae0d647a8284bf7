import { concat, utf8, type PrincipalClaims } from '@cloister/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createResumableAnswers, type AnswerName, type ResumableAnswers } from './resumable-answers.ts';

const claims: PrincipalClaims = {
  issuer: 'i',
  tenant: 't',
  subject: 's',
  groups: [],
  clearance: 'public',
  compartments: [],
  purpose: 'p',
};
const name = (requestId: string): AnswerName => ({
  claims,
  requestId,
  cache: { scope: 'session', salt: 'x', group: undefined },
});
const settings = { seconds: 30, answerBytes: 1000, totalBytes: 3000 };
const connection = new AbortController().signal;

/** A source of pieces of 100 bytes; counts how many were taken. */
function source(pieces: number): {
  readonly stream: ReadableStream<Uint8Array>;
  readonly taken: () => number;
  readonly cancelled: () => boolean;
} {
  let [taken, isCancelled] = [0, false];
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (taken === pieces) return controller.close();
        controller.enqueue(new Uint8Array(100).fill(taken++));
      },
      cancel: () => void (isCancelled = true),
    },
    { highWaterMark: 0 },
  );
  return { stream, taken: () => taken, cancelled: () => isCancelled };
}

const readSome = async (stream: ReadableStream<Uint8Array> | undefined, count: number): Promise<Uint8Array> => {
  const reader = (stream as ReadableStream<Uint8Array>).getReader();
  const pieces: Uint8Array[] = [];
  for (let index = 0; index < count; index++) {
    const { value } = await reader.read();
    if (value !== undefined) pieces.push(value);
  }
  await reader.cancel();
  return concat(...pieces);
};
const readAll = async (stream: ReadableStream<Uint8Array> | undefined): Promise<Uint8Array> =>
  concat(...(await Array.fromAsync(stream as ReadableStream<Uint8Array>)));

describe('answers that are kept', () => {
  let answers: ResumableAnswers;
  beforeEach(() => {
    vi.useFakeTimers();
    answers = createResumableAnswers(settings);
  });
  afterEach(() => {
    answers.close();
    vi.useRealTimers();
  });
  const keep = (id: string, stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> =>
    answers.begin(name(id), connection)?.keep(stream) as ReadableStream<Uint8Array>;

  it('are read on when nobody listens, up to half of what is kept', async () => {
    const { stream, taken } = source(40);
    await readSome(keep('a', stream), 2);
    await vi.advanceTimersByTimeAsync(1000);
    expect(taken()).toBe(7);
    expect((await readAll(answers.resume(name('a'), 150))).length).toBe(3850);
  });

  it('forget what lies far behind, and nothing unread', async () => {
    const { stream } = source(40);
    await readAll(keep('a', stream));
    expect(answers.resume(name('a'), 2999)).toBeUndefined();
    expect((await readAll(answers.resume(name('a'), 3000)))[0]).toBe(30);
    expect(answers.resume(name('a'), 4001)).toBeUndefined();
  });

  it('go to the reader that came last; the one before breaks and does not end', async () => {
    const { stream } = source(40);
    const first = keep('a', stream).getReader();
    await first.read();
    const second = answers.resume(name('a'), 0);
    await expect(first.read()).rejects.toMatchObject({ name: 'AbortError' });
    expect((await readAll(second)).length).toBe(4000);
  });

  it('wait for so long and end then, with the work on them', async () => {
    const { stream, cancelled } = source(40);
    const kept = answers.begin(name('a'), connection);
    await readSome(kept?.keep(stream), 1);
    await vi.advanceTimersByTimeAsync(29_000);
    await readSome(answers.resume(name('a'), 100), 1);
    await vi.advanceTimersByTimeAsync(29_000);
    expect([kept?.signal.aborted, cancelled()]).toEqual([false, false]);
    await vi.advanceTimersByTimeAsync(1001);
    expect([kept?.signal.aborted, cancelled()]).toEqual([true, true]);
    expect(answers.resume(name('a'), 100)).toBeUndefined();
  });

  it('end with their connection before anything was sealed', () => {
    const gone = new AbortController();
    const kept = answers.begin(name('a'), gone.signal);
    gone.abort();
    expect(kept?.signal.aborted).toBe(true);
    const { stream } = source(1);
    expect(kept?.keep(stream)).toBe(stream);
    expect(answers.resume(name('a'), 0)).toBeUndefined();
    expect(answers.begin(name('b'), gone.signal)).toBeUndefined();
  });

  it('pass the error of their source on', async () => {
    const broken = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('cut')) });
    await expect(readAll(keep('a', broken))).rejects.toThrow('cut');
    await expect(readAll(answers.resume(name('a'), 0))).rejects.toThrow('cut');
  });

  it('are bounded together; those that were read make room', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) {
      await readSome(keep(id, source(40).stream), 1);
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(answers.begin(name('g'), connection)).toBeUndefined();
    await readAll(answers.resume(name('a'), 100));
    expect(answers.begin(name('g'), connection)).toBeDefined();
    // What is full reads no further ahead, and goes on all the same.
    expect((await readAll(answers.resume(name('f'), 100))).length).toBe(3900);
  });

  it('are not kept twice, nor without the setting', () => {
    expect(answers.begin(name('a'), connection)).toBeDefined();
    expect(answers.begin(name('a'), connection)).toBeUndefined();
    expect(createResumableAnswers(null).begin(name('a'), connection)).toBeUndefined();
  });

  it('hold exactly what was sealed', async () => {
    const sealed = utf8('ciphertext');
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(sealed);
        controller.close();
      },
    });
    expect(await readAll(keep('a', stream))).toEqual(sealed);
    expect(await readAll(answers.resume(name('a'), 4))).toEqual(sealed.subarray(4));
  });
});
