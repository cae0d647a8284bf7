import { utf8 } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { scanJsonObject } from './scan-json-object.ts';

function membersOf(text: string): Record<string, string> {
  const bytes = utf8(text);
  const { members } = scanJsonObject(bytes);
  return Object.fromEntries(
    [...members].map(([name, { start, end }]) => [name, Buffer.from(bytes.subarray(start, end)).toString()]),
  );
}

describe('scanJsonObject', () => {
  it('finds the text of every outermost member', () => {
    const text = ' {"a" : 1 ,\n"b":{"a":[1,{"x":"}"}]},"c":"\\"},{",\t"d":null,"\u00e9":-1.5e+3} ';
    expect(membersOf(text)).toEqual({ a: '1', b: '{"a":[1,{"x":"}"}]}', c: '"\\"},{"', d: 'null', é: '-1.5e+3' });
  });

  it('reads names as a JSON reader would', () => {
    expect(Object.keys(membersOf('{"cache\\u005fsalt":1}'))).toEqual(['cache_salt']);
    expect(Object.keys(membersOf('{"__proto__":1,"constructor":2}'))).toEqual(['__proto__', 'constructor']);
  });

  it('keeps numbers as text', () => {
    expect(membersOf('{"seed":9223372036854775807}')).toEqual({ seed: '9223372036854775807' });
  });

  it('reads an empty object', () => {
    expect(scanJsonObject(utf8('{ }'))).toMatchObject({ inside: 1 });
  });

  it.each(['{"a":1,"a":2}', '{"a":1,"\\u0061":2}', '{"":1,"":2}'])('refuses a member that stands twice: %s', (text) => {
    expect(() => scanJsonObject(utf8(text))).toThrow(
      expect.objectContaining({ code: 'ERR_GATEWAY_BODY_DUPLICATE_MEMBER' }),
    );
  });

  it.each([
    '',
    ' ',
    'null',
    '[]',
    '"a"',
    '{',
    '}',
    '{"a"}',
    '{"a":}',
    '{"a":1',
    '{"a":1,}',
    '{,}',
    '{a:1}',
    "{'a':1}",
    '{"a":1}{}',
    '{"a":1} x',
    '{"a":01}',
    '{"a":+1}',
    '{"a":1.}',
    '{"a":.5}',
    '{"a":1e}',
    '{"a":NaN}',
    '{"a":Infinity}',
    '{"a":-Infinity}',
    '{"a":tru}',
    '{"a":True}',
    '{"a":"\n"}',
    '{"a":"\\x41"}',
    '{"a":"\\u12g4"}',
    '{"a":"\\u12"}',
    '{"a":"\\',
    '{"a":[1,]}',
    '{"a":[1 2]}',
    '{"a":{"b" 1}}',
    '{"a":1/*x*/}',
    '\ufeff{"a":1}',
    '{"a":0x10}',
    '{"a":1,,"b":2}',
    '{"a":[}',
    '{"a":{]}',
    '{"a":1_000}',
    '{"a":\u00a01}',
  ])('refuses what is not one JSON object: %j', (text) => {
    expect(() => scanJsonObject(utf8(text))).toThrow(expect.objectContaining({ code: 'ERR_GATEWAY_BODY_NOT_JSON' }));
  });

  it('refuses bytes that are not UTF-8', () => {
    for (const bad of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80]]) {
      const bytes = Uint8Array.from([...utf8('{"a":"'), ...bad, ...utf8('"}')]);
      expect(() => scanJsonObject(bytes)).toThrow(expect.objectContaining({ code: 'ERR_GATEWAY_BODY_NOT_JSON' }));
    }
    const utf16 = new Uint8Array(Buffer.from('{"a":1}', 'utf16le'));
    expect(() => scanJsonObject(utf16)).toThrow(expect.objectContaining({ code: 'ERR_GATEWAY_BODY_NOT_JSON' }));
  });

  it('bounds the depth and names', () => {
    const deep = (levels: number): string => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(() => scanJsonObject(utf8(deep(128)))).not.toThrow();
    expect(() => scanJsonObject(utf8(deep(129)))).toThrow(
      expect.objectContaining({ code: 'ERR_GATEWAY_BODY_NOT_JSON' }),
    );
    expect(() => scanJsonObject(utf8(`{"${'a'.repeat(2000)}":1}`))).toThrow(
      expect.objectContaining({ code: 'ERR_GATEWAY_BODY_NOT_JSON' }),
    );
  });

  it('shows inner names with their path', () => {
    const seen: string[] = [];
    scanJsonObject(utf8('{"messages":[{"content":[{"uuid":1}]}],"b":{"c":{"d":1}}}'), {
      member: (path, name) => void seen.push([...path, name].join('/')),
    });
    expect(seen).toEqual(['messages/[]/content', 'messages/[]/content/[]/uuid', 'b/c', 'b/c/d']);
  });
});
