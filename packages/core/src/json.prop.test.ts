import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, canonicalJsonText } from './canonical-json.ts';
import { isCloisterError } from './errors.ts';
import { parseJson } from './parse-json.ts';

/** JSON values that survive a round trip: no minus zero, and integers written without an exponent are safe. */
const json = fc.jsonValue({ stringUnit: 'binary', maxDepth: 5 }).filter((value) => survives(value));

function survives(value: unknown): boolean {
  if (typeof value === 'number')
    return (
      !Object.is(value, -0) && (!Number.isInteger(value) || Number.isSafeInteger(value) || Math.abs(value) >= 1e21)
    );
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, member]) => name.isWellFormed() && survives(member));
}

/** Text near JSON: a valid document with a few characters replaced. */
const nearJson = fc
  .tuple(
    fc.json(),
    fc.array(
      fc.tuple(
        fc.nat(200),
        fc.constantFrom('"', '{', '}', '[', ']', ',', ':', '\\', '0', 'e', '-', ' ', '\n', 'u', '\u0000'),
      ),
      { maxLength: 3 },
    ),
  )
  .map(([text, edits]) =>
    edits.reduce((edited, [at, character]) => edited.slice(0, at) + character + edited.slice(at + 1), text),
  );

const REFUSED = Symbol('refused');

/** Lets pass whatever is not an error of ours, so that it fails the property. */
function parseOrRefuse(input: string | Uint8Array): unknown {
  try {
    return parseJson(input);
  } catch (error) {
    if (isCloisterError(error)) return REFUSED;
    throw error;
  }
}

describe('JSON', () => {
  it('parses what it writes', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(parseJson(canonicalJson(value))).toEqual(value);
      }),
    );
  });

  it('writes the same bytes whatever the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).toReversed());
        expect(canonicalJsonText(reversed)).toBe(canonicalJsonText(value));
      }),
    );
  });

  it('accepts nothing that JSON.parse refuses, reads the same values, and throws only its own errors', () => {
    fc.assert(
      fc.property(fc.oneof(nearJson, fc.string({ unit: 'binary' })), (text) => {
        const value = parseOrRefuse(text);
        expect(value === REFUSED || isDeepStrictEqual(value, JSON.parse(text))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('never throws anything but its own errors on bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void parseOrRefuse(bytes)));
  });
});
