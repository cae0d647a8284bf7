import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CACHE_SCOPES } from './cache-scope.ts';
import { deriveCacheSalt } from './derive-cache-salt.ts';
import { deriveEngineSalt } from './derive-engine-salt.ts';

/** vLLM's own rule (0.30 and later), written as it is there. */
const acceptedByEngine = (salt: string): boolean =>
  salt.length > 0 &&
  Array.from(salt).length <= 128 &&
  !['@', '/', '\\', '\0'].some((refused) => salt.includes(refused));

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const cacheInput = fc.record({
  key: bytes32,
  identity: bytes32,
  model: name,
  scope: fc.constantFrom(...CACHE_SCOPES),
  scopeId: fc.oneof(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.uint8Array({ maxLength: 200 })),
  epoch: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
});

describe('salts', () => {
  it('are always 47 characters that every engine accepts', () => {
    fc.assert(
      fc.property(cacheInput, fc.array(name, { minLength: 2, maxLength: 3 }), (input, owner) => {
        const salt = deriveCacheSalt(input);
        const engine = deriveEngineSalt({ key: input.key, scope: input.scope, owner, salt });
        expect(salt).toMatch(/^cs1\.[A-Za-z0-9_-]{43}$/);
        expect(engine).toMatch(/^cg1\.[A-Za-z0-9_-]{43}$/);
        expect(acceptedByEngine(salt) && acceptedByEngine(engine)).toBe(true);
      }),
      { numRuns: 500 },
    );
    // The control: standard base64, which other clients use, breaks the rule for about half of all keys.
    const standard = fc.sample(bytes32, 200).map((key) => Buffer.from(key).toString('base64'));
    expect(standard.some((salt) => !acceptedByEngine(salt))).toBe(true);
  });

  it('are equal only for equal inputs', () => {
    const unique = (input: Record<string, unknown>): string =>
      JSON.stringify(input, (_, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
      );
    fc.assert(
      fc.property(cacheInput, cacheInput, (left, right) => {
        const texts = [left, right].map(({ scopeId, ...rest }) =>
          unique({ ...rest, scopeId: Buffer.from(scopeId as string).toString('hex') }),
        );
        expect(deriveCacheSalt(left) === deriveCacheSalt(right)).toBe(texts[0] === texts[1]);
      }),
    );
  });
});
