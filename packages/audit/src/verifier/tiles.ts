import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refuse } from './fail.ts';

const WIDTH = 256;

/** The hashes of removed leaves `[0, size)`, from the tiles of level 0 (C2SP tlog-tiles): 32 bytes each. */
export function* readLeafHashes(directory: string, size: number): Generator<Buffer> {
  for (let start = 0; start < size; start += WIDTH) {
    const width = Math.min(WIDTH, size - start);
    const bytes = readTile(join(directory, 'tile/0', tileName(start / WIDTH)), width);
    for (let place = 0; place < width; place++) yield bytes.subarray(32 * place, 32 * place + 32);
  }
}

/** The full tile, or the widest partial one. */
function readTile(path: string, width: number): Buffer {
  const widths = existsSync(`${path}.p`) ? readdirSync(`${path}.p`).map(Number) : [];
  const partial = Math.max(...widths);
  const file = existsSync(path) ? path : `${path}.p/${partial}`;
  if (file !== path && !(partial >= width)) refuse(`${path} is missing`);
  const bytes = readFileSync(file);
  if (bytes.length < 32 * width) refuse(`${path} is too short`);
  return bytes;
}

/** 1234067 becomes `x001/x234/067`. */
function tileName(index: number): string {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0');
  return digits.replaceAll(/[0-9]{3}(?=[0-9])/g, 'x$&/');
}
