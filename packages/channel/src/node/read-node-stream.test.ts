import { Readable } from 'node:stream';
import { setImmediate as settle } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { PieceSource } from '../stream/piece-source.ts';
import { readNodeStream } from './read-node-stream.ts';

async function collect(source: PieceSource): Promise<string> {
  const pieces: string[] = [];
  for (let piece = await source.next(); piece !== undefined; piece = await source.next())
    pieces.push(Buffer.from(piece).toString());
  return pieces.join('|');
}

test('gives every piece, whether its reader or the piece was there first', async () => {
  const readable = new Readable({ read: () => undefined });
  const source = readNodeStream(readable, () => undefined);
  readable.push('a');
  await settle();
  readable.push('b');
  await settle();
  expect([source.next(), source.next()]).toEqual([Buffer.from('a'), Buffer.from('b')]);
  const later = collect(source);
  readable.push('c');
  await settle();
  readable.push('d');
  readable.push(null);
  expect(await later).toBe('c|d');
  expect(source.next()).toBeUndefined();
});

test('fails with the error of the stream, and when it closes before its end, after what had come', async () => {
  for (const end of [new Error('broken'), undefined]) {
    const readable = new Readable({ read: () => undefined });
    const source = readNodeStream(readable, () => undefined);
    readable.push('a');
    await settle();
    readable.destroy(end);
    await settle();
    expect(await source.next()).toEqual(Buffer.from('a'));
    expect(() => source.next()).toThrow(end === undefined ? 'before its end' : 'broken');
    const waiting = new Readable({ read: () => undefined });
    const next = readNodeStream(waiting, () => undefined).next();
    waiting.destroy(end);
    await expect(next).rejects.toThrow(end === undefined ? 'before its end' : 'broken');
  }
});

test('a reader that stops holds the stream; one that goes on gets it all', async () => {
  let produced = 0;
  const readable = new Readable({
    highWaterMark: 16_384,
    read() {
      this.push(produced < 100 ? Buffer.alloc(16_384, (produced += 1)) : null);
    },
  });
  const source = readNodeStream(readable, () => undefined);
  for (let turn = 0; turn < 50; turn++) await settle();
  expect(produced).toBeLessThan(8);
  let bytes = 0;
  for (let piece = await source.next(); piece !== undefined; piece = await source.next()) bytes += piece.length;
  expect([bytes, produced]).toEqual([100 * 16_384, 100]);
});

test('a reader that gives up says so once, and whoever waits is told the end', async () => {
  let stops = 0;
  const readable = new Readable({ read: () => undefined });
  const source = readNodeStream(readable, () => (stops += 1));
  const next = source.next();
  await source.cancel();
  await source.cancel();
  readable.push('dropped');
  await settle();
  expect([await next, source.next(), stops]).toEqual([undefined, undefined, 1]);
});
