import type { Sodium } from '@cloister/tenancy';
import { drawNormals } from './draw-normals.ts';
import { orthonormalise, PREFIX } from './fit-prefix-basis.ts';

/** A rotation of 64 components that a key determines, each as likely as any other: 64 orthonormal rows. */
export function drawRotation(sodium: Sodium, key: Uint8Array): Float64Array {
  const rotation = Float64Array.from(drawNormals(sodium, key, PREFIX * PREFIX, 'rotation'));
  orthonormalise(rotation, PREFIX);
  return rotation;
}
