import { expect, test } from 'vitest';
import { importOnce } from './import-once.ts';

test('reads an array once, until its bytes change', () => {
  let reads = 0;
  const read = importOnce((bytes) => {
    reads++;
    return bytes[0] === 0 ? undefined : `read ${bytes[0]}`;
  });
  const key = Uint8Array.of(1);
  expect([read(key), read(key), reads]).toEqual(['read 1', 'read 1', 1]);
  key[0] = 2;
  expect([read(key), reads]).toEqual(['read 2', 2]);
  expect([read(Uint8Array.of(2)), reads]).toEqual(['read 2', 3]);
  key[0] = 0;
  expect([read(key), read(key), reads]).toEqual([undefined, undefined, 5]);
});
