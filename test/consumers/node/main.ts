// What a stranger's program does with the published packages: no path of this repository appears here.
import { lengthPrefixed, sha256, toHex } from '@cloister/core';

/** Ends the program when a promise of the packages does not hold. */
function must(condition: boolean, promise: string): void {
  if (!condition) throw new Error(`does not hold: ${promise}`);
}

must(toHex(sha256(new Uint8Array(0))).startsWith('e3b0c442'), 'SHA-256 of nothing');
must(toHex(lengthPrefixed('a')) === '0000000161', 'LP encoding');
console.log('the published packages work');
