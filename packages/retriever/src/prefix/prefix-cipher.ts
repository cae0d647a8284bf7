import { bigEndian, lengthPrefixed } from '@cloister/core';
import { keyedHash } from '../record/record-keys.ts';
import type { CollectionKeys } from '../record/record-keys.ts';
import { orthonormalise, PREFIX } from './fit-prefix-basis.ts';
import type { PrefixBasis } from './fit-prefix-basis.ts';

/** Length of the longest noise; vectors have length 1. More costs candidates and hides little from who knows pairs. */
const NOISE = 0.1;

/** Turns vectors into what a store may see of them. Obfuscation, not encryption: distances stay, about. */
export interface PrefixCipher {
  /** Of a record: rotated, with noise that belongs to this version of it and is never drawn again. */
  ofRecord(vector: Float32Array, point: string, version: number): Float32Array;
  /** Of a question: rotated, without noise. */
  ofQuestion(vector: Float32Array): Float32Array;
}

/** The cipher of one tenant's collection: a secret rotation and a key for the noise. */
export function createPrefixCipher(keys: CollectionKeys, basis: PrefixBasis): PrefixCipher {
  const rotation = Float64Array.from(normals(keys, PREFIX * PREFIX, 'rotation'));
  orthonormalise(rotation, PREFIX);
  const rotate = (components: Float64Array): Float32Array =>
    Float32Array.from({ length: PREFIX }, (_, row) =>
      components.reduce((sum, value, column) => sum + value * (rotation[row * PREFIX + column] as number), 0),
    );
  return {
    ofQuestion: (vector) => rotate(project(vector, basis).components),
    ofRecord(vector, point, version) {
      const drawn = Array.from(normals(keys, PREFIX + 2, 'noise', point, bigEndian(version, 8)));
      const direction = drawn.slice(0, PREFIX);
      // Two more normals give a number between 0 and 1, whose 64th root spreads the noise evenly over the ball.
      const share = Math.exp(-((drawn[PREFIX] as number) ** 2 + (drawn[PREFIX + 1] as number) ** 2) / 2);
      const scale = (NOISE * share ** (1 / PREFIX)) / Math.hypot(...direction);
      const { components, rest } = project(vector, basis);
      components[PREFIX - 1] = rest;
      return rotate(components).map((value, index) => value + scale * (direction[index] as number));
    },
  };
}

/**
 * The first 63 components along the basis, a zero, and the length of what they leave out. A record has that length in the
 * place of the zero, so that its distance from a question is the true one but for the angle of what both leave out.
 */
function project(
  vector: Float32Array,
  { mean, axes }: PrefixBasis,
): { readonly components: Float64Array; readonly rest: number } {
  const centred = vector.map((value, index) => value - (mean[index] as number));
  const components = new Float64Array(PREFIX);
  let squares = centred.reduce((sum, value) => sum + value * value, 0);
  for (let axis = 0; axis < PREFIX - 1; axis++) {
    const start = axis * mean.length;
    const component = centred.reduce((sum, value, index) => sum + value * (axes[start + index] as number), 0);
    components[axis] = component;
    squares -= component * component;
  }
  return { components, rest: Math.sqrt(Math.max(0, squares)) };
}

/** Normally distributed numbers from the collection's key (Box and Muller over keyed BLAKE2b). */
function* normals(
  { sodium, prefix }: CollectionKeys,
  count: number,
  ...name: readonly (string | Uint8Array)[]
): Generator<number> {
  for (let block = 0, given = 0; given < count; block++) {
    const bytes = keyedHash(sodium, 64, prefix, lengthPrefixed('prefix', ...name, bigEndian(block, 4)));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < 64 && given < count; at += 8) {
      const radius = Math.sqrt(-2 * Math.log((view.getUint32(at) + 1) / 2 ** 32));
      const angle = (2 * Math.PI * view.getUint32(at + 4)) / 2 ** 32;
      yield radius * Math.cos(angle);
      if (++given < count) yield radius * Math.sin(angle);
      given++;
    }
  }
}
