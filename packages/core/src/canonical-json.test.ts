import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toHex } from './text-encodings.ts';
import { canonicalJson, canonicalJsonText } from './canonical-json.ts';
import { isCloisterError } from './errors.ts';
import { parseJson } from './parse-json.ts';

const VECTORS = new URL('../../../test/vectors/audit/', import.meta.url);
const refused = (code: string): unknown => expect.objectContaining({ name: 'CloisterError', code });

function canonicalOrCode(text: string): string {
  try {
    return canonicalJsonText(parseJson(text));
  } catch (error) {
    return isCloisterError(error) ? error.code : 'another error';
  }
}

describe('canonicalJson', () => {
  it.each(['arrays', 'structures', 'unicode', 'values'])('gives the published bytes (%s)', (name) => {
    const input = readFileSync(new URL(`jcs/input/${name}.json`, VECTORS));
    const output = readFileSync(new URL(`jcs/output/${name}.json`, VECTORS), 'utf8');
    const hex = readFileSync(new URL(`jcs/outhex/${name}.txt`, VECTORS), 'utf8').replace(/\s/g, '');
    expect(canonicalJsonText(parseJson(input))).toBe(output);
    expect(toHex(canonicalJson(parseJson(input)))).toBe(hex);
  });

  it('agrees with five implementations, and refuses where they differ', () => {
    const lines = readFileSync(new URL('jcs-expected.jsonl', VECTORS), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(450);
    for (const line of lines) {
      const { text, agree, out } = JSON.parse(line) as { text: string; agree: boolean; out?: string | null };
      const expected = agree && typeof out === 'string' ? out : 'refused';
      expect(canonicalOrCode(text).replace(/^ERR_CORE_JSON_.*/, 'refused')).toBe(expected);
    }
  });

  it('sorts by UTF-16 units, at every depth', () => {
    expect(canonicalJsonText({ b: { d: 1, c: 2 }, a: [{ z: 0, y: -0 }] })).toBe(
      '{"a":[{"y":0,"z":0}],"b":{"c":2,"d":1}}',
    );
    expect(canonicalJsonText({ '\u{1F600}': 1, '\uff5e': 2 })).toBe('{"\u{1F600}":1,"\uff5e":2}');
  });

  it('takes toJSON, constructor and __proto__ as names', () => {
    const value = Object.defineProperty({ toJSON: 1, constructor: 2 }, '__proto__', { value: 3, enumerable: true });
    expect(canonicalJsonText(value)).toBe('{"__proto__":3,"constructor":2,"toJSON":1}');
    expect(canonicalJsonText(Object.assign(Object.create(null), { a: 1 }))).toBe('{"a":1}');
  });

  it.each([
    ['undefined', undefined],
    ['an undefined member', { a: undefined }],
    ['an undefined item', Array.from({ length: 2 })],
    ['a function', { toJSON: () => 1 }],
    ['a symbol', Symbol('s')],
    ['a symbol name', { [Symbol('s')]: 1 }],
    ['a bigint', 1n],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['bytes', new Uint8Array(1)],
    ['a boxed text', Object('text')],
    ['an inherited toJSON', Object.create({ toJSON: () => 1 })],
    ['a hidden member', Object.defineProperty({}, 'a', { value: 1 })],
    ['an accessor', { get a() { return 1; } }], // prettier-ignore
  ])('refuses %s', (_name, value) => {
    expect(() => canonicalJson(value)).toThrow(refused('ERR_CORE_JSON_VALUE'));
  });

  it('refuses numbers that are none, lone surrogates, cycles, depth and size', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, [Number.NEGATIVE_INFINITY]]) {
      expect(() => canonicalJson(value)).toThrow(refused('ERR_CORE_JSON_NUMBER'));
    }
    for (const value of ['\ud800', { '\udc00': 1 }, ['\udc00\ud800']]) {
      expect(() => canonicalJson(value)).toThrow(refused('ERR_CORE_JSON_TEXT'));
    }
    const cycle: unknown[] = [];
    cycle.push({ cycle });
    expect(() => canonicalJson(cycle)).toThrow(refused('ERR_CORE_JSON_DEPTH'));
    expect(() => canonicalJson([[[]]], { maxDepth: 2 })).toThrow(refused('ERR_CORE_JSON_DEPTH'));
    expect(canonicalJsonText([[[]]], { maxDepth: 3 })).toBe('[[[]]]');
    expect(() => canonicalJson('x'.repeat(99), { maxLength: 100 })).toThrow(refused('ERR_CORE_JSON_SIZE'));
  });

  it('is bounded on shared structure that would double at each level', () => {
    let value: unknown = [];
    for (let level = 0; level < 60; level++) value = [value, value];
    expect(() => canonicalJson(value, { maxLength: 1000 })).toThrow(refused('ERR_CORE_JSON_SIZE'));
  });
});
