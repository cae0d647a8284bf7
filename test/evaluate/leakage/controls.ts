import { Matrix, QrDecomposition } from 'ml-matrix';
import type { Seeded } from './seeded.ts';
import type { Rows } from './vectors.ts';

/** Ways to hide vectors that the attacks are known to undo: no mode of ours, but what shows that the attacks work. */
export const CONTROLS: Readonly<Record<string, (vectors: Rows, seeded: Seeded) => Rows>> = {
  'a secret rotation': (vectors, seeded) => {
    const { length } = vectors[0] ?? [];
    const random = Array.from({ length }, () => Array.from({ length }, () => seeded.normal()));
    const rotation = new QrDecomposition(new Matrix(random)).orthogonalMatrix;
    return new Matrix(vectors.map((row) => Array.from(row))).mmul(rotation).to2DArray();
  },
  'a secret order of components': (vectors, seeded) => {
    const order = seeded.shuffled(vectors[0]?.length ?? 0);
    return vectors.map((row) => order.map((place) => Number(row[place])));
  },
  'random numbers': (vectors, seeded) => vectors.map((row) => Array.from(row, () => seeded.normal())),
};
