import { bigEndian, lengthPrefixed } from '@cloister/core';
import { keyedHash } from '../keyed-hash.ts';
import type { Sodium } from '@cloister/tenancy';

/** `count` normally distributed numbers that a key and a name determine (Box and Muller over keyed BLAKE2b). */
export function* drawNormals(
  sodium: Sodium,
  key: Uint8Array,
  count: number,
  ...name: readonly (string | Uint8Array)[]
): Generator<number> {
  for (let block = 0, given = 0; given < count; block++) {
    const bytes = keyedHash(sodium, 64, key, lengthPrefixed('prefix', ...name, bigEndian(block, 4)));
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
