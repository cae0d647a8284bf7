import { setTimeout as sleep } from 'node:timers/promises';
import { readPieces } from '@cloister/channel';
import { fromUtf8, utf8 } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { iterate } from '../../test/iterate.ts';
import { createFiller } from './create-filler.ts';
import { dropComments as drop } from './drop-comments.ts';
import { FRAME_BYTES, frameEvents as frame } from './frame-events.ts';
import { pacePieces as pace } from './pace-pieces.ts';
import { strongerShape } from './stream-shape.ts';

type Source = AsyncIterable<Uint8Array>;
type Pieces = AsyncGenerator<Uint8Array, void, undefined>;
const frameEvents = (source: Source): Pieces => iterate(frame(readPieces(source)));
const pacePieces = (source: Source, interval: number): Pieces => iterate(pace(readPieces(source), interval));
const dropComments = (source: Source): Pieces => iterate(drop(readPieces(source)));

async function* events(count: number, milliseconds = 0): AsyncGenerator<Uint8Array, void, undefined> {
  for (let index = 0; index < count; index++) {
    if (milliseconds > 0) await sleep(milliseconds);
    yield utf8(`data: ${'x'.repeat(index * 7)}${index}\n\n`);
  }
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of source) pieces.push(fromUtf8(piece));
  return pieces;
}

const unfilled = (frames: readonly string[]): string => frames.join('').replace(/^:~*\n|(?<=\n\n)\n/gm, '');

describe('frames', () => {
  it.each([0, 1, 3, 40])('%d events: one size, a power of two of frames, nothing lost', async (count) => {
    const frames = await collect(frameEvents(events(count)));
    expect(new Set(frames.map(({ length }) => length))).toEqual(new Set([FRAME_BYTES]));
    expect(Number.isInteger(Math.log2(frames.length))).toBe(true);
    expect(unfilled(frames)).toBe((await collect(events(count))).join(''));
  });

  it('fill the pauses of a slow source', async () => {
    const frames = await collect(frameEvents(events(3, 120)));
    expect(frames.length).toBeGreaterThanOrEqual(8);
    expect(frames.filter((frame) => frame.startsWith(':~')).length).toBeGreaterThan(2);
  });

  it('a failing source ends them with its error; one that nobody reads any more is told', async () => {
    const failing = (async function* (): AsyncGenerator<Uint8Array, void, undefined> {
      yield utf8('data: a\n\n');
      throw new RangeError('cut');
    })();
    await expect(collect(frameEvents(failing))).rejects.toThrow(RangeError);
    let isReleased = false;
    const watched = (async function* (): AsyncGenerator<Uint8Array, void, undefined> {
      try {
        yield* events(1000, 5);
      } finally {
        isReleased = true;
      }
    })();
    for await (const frame of frameEvents(watched)) {
      expect(frame.length).toBe(FRAME_BYTES);
      break;
    }
    expect(isReleased).toBe(true);
  });

  it('read a fast source only a little ahead', async () => {
    let produced = 0;
    const endless = (async function* (): AsyncGenerator<Uint8Array, void, undefined> {
      for (;;) {
        produced += 1;
        yield utf8(`data: ${'y'.repeat(1000)}\n\n`);
      }
    })();
    const frames = frameEvents(endless);
    for (let time = 0; time < 3; time++) await frames.next();
    await frames.return();
    expect(produced).toBeLessThan(80);
  });
});

it.each([0, 1, 2, 3, 512])('filler of %d bytes is comment lines or a blank line', (length) => {
  const filler = createFiller(length);
  expect(filler.length).toBe(length);
  expect(fromUtf8(filler)).toMatch(length < 2 ? /^\n?$/ : /^:~*\n$/);
});

describe('pacing', () => {
  it('gives everything in few pieces', async () => {
    const pieces = await collect(pacePieces(events(30, 10), 250));
    expect(pieces.length).toBeLessThan(5);
    expect(pieces.join('')).toBe((await collect(events(30))).join(''));
  });

  it('holds back neither a first piece nor one after a pause', async () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const paced = pacePieces(readable as unknown as AsyncIterable<Uint8Array>, 60_000);
    void writer.write(utf8('data: first\n\n'));
    expect(fromUtf8((await paced.next()).value ?? utf8(''))).toBe('data: first\n\n');
    void writer.close();
    expect((await paced.next()).done).toBe(true);
    expect(await collect(pacePieces(events(3, 30), 5))).toHaveLength(3);
  });

  it('passes an error on after what came before it', async () => {
    const failing = (async function* (): AsyncGenerator<Uint8Array, void, undefined> {
      yield* events(3);
      throw new RangeError('cut');
    })();
    const paced = pacePieces(failing, 50);
    let seen = '';
    const read = async (): Promise<void> => {
      for await (const piece of paced) seen += fromUtf8(piece);
    };
    await expect(read()).rejects.toThrow(RangeError);
    expect(seen).toBe((await collect(events(3))).join(''));
  });
});

it('comments of the engine are dropped, in and between events', async () => {
  const source = (async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    yield utf8(': ping\n\ndata: a:b\n\n');
    yield utf8(': ping\n\n');
    yield utf8('event: x\n: inner\ndata: c\n\n');
  })();
  expect((await collect(dropComments(source))).join('')).toBe('data: a:b\n\nevent: x\ndata: c\n\n');
});

it('the stronger shape counts', () => {
  expect(strongerShape('off', 'frames')).toBe('frames');
  expect(strongerShape('coalesce', 'off')).toBe('coalesce');
});
