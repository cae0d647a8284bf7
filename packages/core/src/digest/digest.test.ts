import { createHash, createHmac, hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../bytes.ts';
import { fromHex, toHex } from '../text-encodings.ts';
import { createHmacSha256, createSha256, hkdfExpand, hkdfSha256, hmacSha256, sha256, sha384, sha512 } from './index.ts';
import * as native from './node.ts';
import * as portable from './portable.ts';
import type { HashAlgorithm } from './types.ts';

const ALGORITHMS: readonly HashAlgorithm[] = ['sha256', 'sha384', 'sha512'];

describe.each([
  ['native', native],
  ['portable', portable],
] as const)('%s digests', (_name, variant) => {
  it.each(ALGORITHMS)('agree with node:crypto (%s)', (algorithm) => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.uint8Array({ maxLength: 200 }),
        fc.nat(300),
        (message, key, at) => {
          const expected = createHash(algorithm).update(message).digest('hex');
          const running = variant.createDigest(algorithm);
          running.update(message.subarray(0, at));
          running.update(message.subarray(at));
          expect(toHex(variant.digest(algorithm, message))).toBe(expected);
          expect(variant.digestHex(algorithm, message)).toBe(expected);
          expect(toHex(running.digest())).toBe(expected);
          expect(toHex(variant.hmac(algorithm, key, message))).toBe(
            createHmac(algorithm, key).update(message).digest('hex'),
          );
        },
      ),
    );
  });

  it('are plain arrays, so that both variants behave alike', () => {
    const results = [
      variant.digest('sha256', utf8('')),
      variant.hmac('sha256', utf8(''), utf8('')),
      variant.createDigest('sha256').digest(),
    ];
    for (const result of results) expect(Object.getPrototypeOf(result)).toBe(Uint8Array.prototype);
  });

  it.each(ALGORITHMS)('end once (%s)', (algorithm) => {
    const running = variant.createDigest(algorithm);
    running.digest();
    expect(() => running.digest()).toThrow(/digest|destroyed/i);
  });
});

describe('a prepared key', () => {
  it('gives the tags of node:crypto, message after message, and none once it is erased', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1 }),
        (key, messages) => {
          const keyed = createHmacSha256(key);
          const tag = new Uint8Array(32);
          for (const message of messages) {
            keyed.write(Uint8Array.of(...message, 7), message.length, tag);
            expect(toHex(tag)).toBe(createHmac('sha256', key).update(message).digest('hex'));
          }
          keyed.erase();
          expect(() => keyed.write(new Uint8Array(1), 1, tag)).toThrow(/destroyed/);
        },
      ),
    );
  });
});

describe('digest verbs', () => {
  it('name the right member of the family', () => {
    expect([sha256, sha384, sha512].map((hash) => hash(utf8('abc')).length)).toEqual([32, 48, 64]);
    expect(toHex(sha256(utf8('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    const running = createSha256();
    running.update(utf8('abc'));
    expect(running.digest()).toEqual(sha256(utf8('abc')));
  });

  it('match RFC 4231 case 2 and RFC 5869 cases 1 and 3', () => {
    expect(toHex(hmacSha256(utf8('Jefe'), utf8('what do ya want for nothing?')))).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
    const key = fromHex('0b'.repeat(22));
    expect(toHex(hkdfSha256(key, fromHex('000102030405060708090a0b0c'), fromHex('f0f1f2f3f4f5f6f7f8f9'), 42))).toBe(
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    );
    expect(toHex(hkdfSha256(key, new Uint8Array(0), new Uint8Array(0), 42))).toBe(
      '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
    );
  });

  it('agree with node:crypto on HKDF of any length, and refuse more than there is', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 64 }),
        fc.uint8Array({ maxLength: 64 }),
        fc.uint8Array({ maxLength: 64 }),
        fc.integer({ min: 1, max: 300 }),
        (key, salt, info, length) => {
          expect(toHex(hkdfSha256(key, salt, info, length))).toBe(
            Buffer.from(hkdfSync('sha256', key, salt, info, length)).toString('hex'),
          );
        },
      ),
    );
    expect(hkdfExpand(new Uint8Array(32), new Uint8Array(0), 8160)).toHaveLength(8160);
    expect(() => hkdfExpand(new Uint8Array(32), new Uint8Array(0), 8161)).toThrow(RangeError);
  });
});
