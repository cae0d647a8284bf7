const UNITS_IN_WORD = 2;
const [ROUNDS, LAST_ROUNDS] = [2, 4] as const;
let [v0, v1, v2, v3] = [0, 0, 0, 0];

/**
 * HalfSipHash-2-4 of 64 bits (J.-P. Aumasson and D. J. Bernstein, SipHash for words of 32 bits) over the code units of a text, low
 * byte first. For names of what lies in clear beside them: nobody without the key can aim at two that are alike, and that is all.
 * @param key two numbers
 * @param hash takes the two numbers
 */
export function writeShortHash(text: string, key: Int32Array, hash: Int32Array): void {
  const [first, second] = [key[0] as number, key[1] as number];
  v0 = first;
  v1 = second ^ 0xee;
  v2 = first ^ 0x6c796765;
  v3 = second ^ 0x74656462;
  let at = 0;
  for (; at + UNITS_IN_WORD <= text.length; at += UNITS_IN_WORD)
    take(text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16));
  // The last word begins with the count of bytes; one code unit is left at most.
  take((text.length << 25) | (at < text.length ? text.charCodeAt(at) : 0));
  v2 ^= 0xee;
  mix(LAST_ROUNDS);
  hash[0] = v1 ^ v3;
  v1 ^= 0xdd;
  mix(LAST_ROUNDS);
  hash[1] = v1 ^ v3;
}

function take(word: number): void {
  v3 ^= word;
  mix(ROUNDS);
  v0 ^= word;
}

function mix(rounds: number): void {
  let [a, b, c, d] = [v0, v1, v2, v3];
  for (let round = 0; round < rounds; round++) {
    a = (a + b) | 0;
    b = ((b << 5) | (b >>> 27)) ^ a;
    a = (a << 16) | (a >>> 16);
    c = (c + d) | 0;
    d = ((d << 8) | (d >>> 24)) ^ c;
    a = (a + d) | 0;
    d = ((d << 7) | (d >>> 25)) ^ a;
    c = (c + b) | 0;
    b = ((b << 13) | (b >>> 19)) ^ c;
    c = (c << 16) | (c >>> 16);
  }
  [v0, v1, v2, v3] = [a, b, c, d];
}
