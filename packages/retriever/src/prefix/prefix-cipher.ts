import { bigEndian } from '@cloister/core';
import { dot } from '../arena/dot.ts';
import type { CollectionKeys } from '../record/record-keys.ts';
import { drawNormals } from './draw-normals.ts';
import { PREFIX } from './fit-prefix-basis.ts';
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
  const { sodium, prefix, rotation } = keys;
  const rotate = (components: Float64Array): Float32Array => {
    const rotated = new Float32Array(PREFIX);
    for (let row = 0; row < PREFIX; row++) {
      let sum = 0;
      for (let column = 0; column < PREFIX; column++) {
        sum += (components[column] as number) * (rotation[row * PREFIX + column] as number);
      }
      rotated[row] = sum;
    }
    return rotated;
  };
  return {
    ofQuestion: (vector) => rotate(project(vector, basis).components),
    ofRecord(vector, point, version) {
      const drawn = Array.from(drawNormals(sodium, prefix, PREFIX + 2, 'noise', point, bigEndian(version, 8)));
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
  let squares = dot(centred, 0, centred);
  for (let axis = 0; axis < PREFIX - 1; axis++) {
    const start = axis * mean.length;
    const component = dot(axes, start, centred);
    components[axis] = component;
    squares -= component * component;
  }
  return { components, rest: Math.sqrt(Math.max(0, squares)) };
}
