import { createHmac } from 'node:crypto';
import { systemRandom } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { deriveCacheSalt } from './derive-cache-salt.ts';
import { deriveEngineSalt } from './derive-engine-salt.ts';

// Ranges and alphabet over many derivations: 10,000 in a normal run, CLOISTER_SALTS=1000000 for the figure of the README.
const DERIVATIONS = Number(process.env['CLOISTER_SALTS'] ?? 10_000);

/** Upper bound of chi squared for 63 degrees of freedom that chance exceeds once in 10^9. */
const CHI_SQUARED = 150;

/** How far the characters at each place are from even, as chi squared of the worst place. */
function unevenness(counts: readonly Uint32Array[], total: number): number {
  return Math.max(
    ...counts.map((place) => place.reduce((sum, count) => sum + (count - total / 64) ** 2 / (total / 64), 0)),
  );
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe(`${DERIVATIONS} derivations`, { timeout: 600_000 }, () => {
  it('are all within the rules, all different, and even at every place', () => {
    const [key, identity] = [systemRandom(32), systemRandom(32)];
    const scope = 'session' as const;
    // The last character stands for four bits only.
    const counts = Array.from({ length: 42 }, () => new Uint32Array(64));
    const seen = new Set<string>();
    for (let index = 0; index < DERIVATIONS; index++) {
      const salt = deriveCacheSalt({ key, identity, model: 'm', scope, scopeId: String(index), epoch: index % 7 });
      const engine = deriveEngineSalt({ key, scope, owner: ['i', 't', 's'], salt });
      if (!/^cs1\.[\w-]{43}$/.test(salt) || !/^cg1\.[\w-]{43}$/.test(engine)) expect.fail(`${salt} ${engine}`);
      seen.add(salt.slice(4, 20)).add(engine.slice(4, 20));
      for (const [place, count] of counts.entries()) {
        const value = ALPHABET.indexOf(salt.charAt(4 + place));
        count[value] = (count[value] ?? 0) + 1;
      }
    }
    // 96 bits of each: that they differ among two million is not chance.
    expect(seen.size).toBe(2 * DERIVATIONS);
    expect(unevenness(counts, DERIVATIONS)).toBeLessThan(CHI_SQUARED);
  });

  it('would be caught outside: standard base64 breaks the rules of the engine for about half', () => {
    const refused = Array.from({ length: 1000 }, (_, index) =>
      createHmac('sha256', 'key').update(String(index)).digest('base64'),
    ).filter((salt) => salt.includes('/')).length;
    expect(refused / 1000).toBeGreaterThan(0.4);
    // The measure of evenness sees a generator that prefers one character in twenty.
    const skewed = new Uint32Array(64).fill(DERIVATIONS / 64);
    skewed[0] = (DERIVATIONS / 64) * 4.2;
    expect(unevenness([skewed], DERIVATIONS)).toBeGreaterThan(CHI_SQUARED);
  });

  it('belong to one identity: a changed enclave meets no salt of the old one', () => {
    const key = systemRandom(32);
    const salts = (identity: Uint8Array): string[] =>
      Array.from({ length: 1000 }, (_, epoch) =>
        deriveCacheSalt({ key, identity, model: 'm', scope: 'tenant', scopeId: 'x', epoch }),
      );
    const identity = systemRandom(32);
    const own = new Set(salts(identity));
    expect(salts(identity).every((salt) => own.has(salt))).toBe(true);
    for (let bit = 0; bit < 256; bit += 17) {
      const changed = identity.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(salts(changed).some((salt) => own.has(salt))).toBe(false);
    }
  });
});
