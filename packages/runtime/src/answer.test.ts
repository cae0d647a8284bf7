import { describe, expect, it } from 'vitest';
import { createAnswer } from './answer.ts';

async function* counting(log: string[]): AsyncGenerator<string, number, undefined> {
  log.push('started');
  try {
    yield 'a';
    yield 'b';
    log.push('finished');
    return 7;
  } finally {
    log.push('released');
  }
}

async function* failing(): AsyncGenerator<string, number, undefined> {
  yield 'a';
  throw new Error('broken');
}

describe('createAnswer', () => {
  it('starts nothing before it is read', async () => {
    const log: string[] = [];
    createAnswer(counting(log));
    await Promise.resolve();
    expect(log).toEqual([]);
  });

  it('streams, then gives the result', async () => {
    const answer = createAnswer(counting([]));
    expect(await Array.fromAsync(answer.textStream)).toEqual(['a', 'b']);
    expect(await answer.result()).toBe(7);
    expect(await answer.result()).toBe(7);
  });

  it('gives the result without the stream having been read', async () => {
    expect(await createAnswer(counting([])).result()).toBe(7);
  });

  it('reports the error that ended it to both readers', async () => {
    const answer = createAnswer(failing());
    await expect(Array.fromAsync(answer.textStream)).rejects.toThrow('broken');
    await expect(answer.result()).rejects.toThrow('broken');
    await expect(createAnswer(failing()).result()).rejects.toThrow('broken');
  });

  it('releases the work when the reader leaves, and has no result then', async () => {
    const log: string[] = [];
    const answer = createAnswer(counting(log));
    for await (const text of answer.textStream) if (text === 'a') break;
    expect(log).toEqual(['started', 'released']);
    await expect(answer.result()).rejects.toMatchObject({ code: 'ERR_RUNTIME_ANSWER_ABANDONED' });
  });
});
