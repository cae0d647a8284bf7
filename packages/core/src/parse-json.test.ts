import { describe, expect, it } from 'vitest';
import { utf8 } from './bytes.ts';
import { parseJson } from './parse-json.ts';

const refused = (code: string, offset?: number): unknown =>
  expect.objectContaining({ name: 'CloisterError', code, ...(offset === undefined ? {} : { detail: { offset } }) });

describe('parseJson', () => {
  it.each([
    'null',
    ' true ',
    '[]',
    '{ }',
    '"\\u00e9\\n\\ud83d\\ude00"',
    '-0.5e-3',
    '[1, [2, {"a": [ ]}]]',
    '\t{"a":1,"b":"\\/"}\r\n',
  ])('agrees with JSON.parse on %s', (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
    expect(parseJson(utf8(text))).toEqual(JSON.parse(text));
  });

  it.each([
    '', ' ', 'nul', 'True', '[1,]', '[,1]', '{"a":1,}', '{a:1}', "{'a':1}", '{"a"}', '{"a":}', '01', '+1', '.5', '1.', '1e', '-', '0x1',
    'NaN', 'Infinity', '"', '"\\', '"\\x"', '"\\u12"', '"\t"', '"\u0000"', '[1 2]', '[1', '{"a":1', '1 2', '\ufeff1', '\u00a01', '//x\n1', '[1]]',
  ])('refuses %j as RFC 8259 does', (text) => {
    expect(() => parseJson(text)).toThrow(refused('ERR_CORE_JSON_SYNTAX'));
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  }); // prettier-ignore

  it('refuses a name twice, also when it is escaped or special', () => {
    for (const text of [
      '{"a":1,"a":1}',
      '{"a":1,"\\u0061":2}',
      '{"__proto__":1,"__proto__":2}',
      '{"x":{"b":1,"c":2,"b":3}}',
    ]) {
      expect(() => parseJson(text)).toThrow(refused('ERR_CORE_JSON_DUPLICATE_NAME'));
    }
    expect(parseJson('{"toString":1,"constructor":2}')).toEqual({ toString: 1, constructor: 2 });
  });

  it('makes __proto__ a member and touches no prototype', () => {
    const value = parseJson('{"__proto__":{"polluted":true}}');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(({} as { polluted?: true }).polluted).toBeUndefined();
  });

  it('refuses ill-formed Unicode', () => {
    for (const text of ['"\\ud800"', '"\\udc00\\ud800"', '{"\\ud800":1}', '"\ud800"']) {
      expect(() => parseJson(text)).toThrow(refused('ERR_CORE_JSON_TEXT'));
    }
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xc0, 0x80, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
    ]) {
      expect(() => parseJson(Uint8Array.from(bytes))).toThrow(refused('ERR_CORE_JSON_TEXT'));
    }
  });

  it('refuses numbers that parsers read differently', () => {
    for (const text of ['9007199254740992', '-9007199254740992', '123456789012345680000', '1e400', '[-1e999]']) {
      expect(() => parseJson(text)).toThrow(refused('ERR_CORE_JSON_NUMBER'));
    }
    expect(parseJson('[9007199254740991, 1e20, 1e-400]')).toEqual([9007199254740991, 1e20, 0]);
  });

  it('is bounded in depth and size', () => {
    expect(() => parseJson('['.repeat(129) + ']'.repeat(129))).toThrow(refused('ERR_CORE_JSON_DEPTH', 128));
    expect(() => parseJson('['.repeat(1e6), { maxDepth: 1e9 })).toThrow(refused('ERR_CORE_JSON_DEPTH'));
    expect(parseJson('[[]]', { maxDepth: 2 })).toEqual([[]]);
    expect(() => parseJson('[[]]', { maxDepth: 1 })).toThrow(refused('ERR_CORE_JSON_DEPTH', 1));
    expect(() => parseJson('[1,2]', { maxBytes: 4 })).toThrow(refused('ERR_CORE_JSON_SIZE'));
    expect(() => parseJson(utf8('[1,2]'), { maxBytes: 4 })).toThrow(refused('ERR_CORE_JSON_SIZE'));
  });

  it('says where, and never quotes what', () => {
    const text = '{"secret-name":"secret-value" oops';
    const error = thrownBy(() => parseJson(text));
    expect(error).toEqual(refused('ERR_CORE_JSON_SYNTAX', 30));
    expect(`${String(error)}${JSON.stringify(error)}${(error as Error).stack}`).not.toMatch(/secret|oops/);
  });
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}
