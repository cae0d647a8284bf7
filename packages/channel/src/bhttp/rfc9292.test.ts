import { concat, fromHex, fromUtf8, toHex, utf8 } from '@cloister/core';
import { expect, test } from 'vitest';
import { codeOf, HEAD, readVectors } from '../../test/support.ts';
import { encodeMessage, parseMessage } from './index.ts';

interface Vector {
  readonly name: string;
  readonly knownLength?: string;
  readonly indeterminate?: string;
  readonly reject?: string;
}

const { vectors } = readVectors<{ vectors: readonly Vector[] }>('bhttp-rfc9292.json');
const find = (name: string): Vector => vectors.find((vector) => vector.name === name) as Vector;
const known = { framing: 'known-length' } as const;
const indeterminate = { framing: 'indeterminate-length' } as const;
const bytes = (text: string): Uint8Array => fromHex(text.replaceAll(' ', ''));

test('RFC 9292 section 5.2: response with trailer, both framings', async () => {
  const vector = find('response, chunked with trailer');
  for (const encoded of [vector.knownLength, vector.indeterminate]) {
    const message = await parseMessage(fromHex(encoded ?? ''));
    expect(message.response).toEqual({ status: 200, headers: [] });
    expect(fromUtf8(message.content)).toBe('This content contains CRLF.\r\n');
    expect(message.trailers).toEqual([['trailer', 'text']]);
  }
  const { response, content, trailers } = await parseMessage(fromHex(vector.knownLength ?? ''));
  const message = { response: response as NonNullable<typeof response>, content, trailers };
  expect(toHex(encodeMessage(message, known))).toBe(vector.knownLength);
  expect(toHex(encodeMessage(message, indeterminate))).toBe(vector.indeterminate);
});

test('RFC 9292 section 5.1: request', async () => {
  const encoded = find('request').knownLength ?? '';
  const message = await parseMessage(fromHex(encoded));
  expect(message.request).toEqual({
    method: 'GET',
    scheme: 'https',
    authority: '',
    path: '/hello.txt',
    headers: [
      ['user-agent', 'curl/7.16.3 libcurl/7.16.3 OpenSSL/0.9.7l zlib/1.2.3'],
      ['host', 'www.example.com'],
      ['accept-language', 'en, mi'],
    ],
  });
  expect(toHex(encodeMessage(message))).toBe(encoded);
});

test.each(vectors.filter((vector) => vector.reject !== undefined))('$name is refused', async ({ reject = '' }) => {
  expect(await codeOf(parseMessage(fromHex(reject)))).toMatch(/^ERR_CHANNEL_/);
});

test('empty sections may be missing at the end, and zero padding may follow', async () => {
  for (const encoded of [
    '0140c8',
    '0140c800',
    '0140c80000',
    '0140c8000000',
    '0340c8',
    '0340c800',
    '0340c80000',
    '0340c8000000',
  ]) {
    const expected = {
      informational: [],
      response: { status: 200, headers: [] },
      content: new Uint8Array(0),
      trailers: [],
    };
    expect(await parseMessage(fromHex(encoded))).toEqual(expected);
    expect(await parseMessage(concat(fromHex(encoded), new Uint8Array(1000)))).toEqual(expected);
  }
});

test('informational responses come in order before the final one', async () => {
  const message = {
    informational: [
      { status: 102, headers: [['running', '"sleep 15"']] as const },
      { status: 103, headers: [['link', '</style.css>; rel=preload']] as const },
    ],
    response: { status: 200, headers: [['date', 'now']] as const },
    content: utf8('x'),
    trailers: [],
  };
  for (const framing of [known, indeterminate])
    expect(await parseMessage(encodeMessage(message, framing))).toEqual(message);
});

test.each([
  ['a framing indicator above 3', '04 40c8'],
  ['non-zero padding', '01 40c8 00 00 00 00 01'],
  ['padding that is not zero after a terminator', '03 40c8 00 00 00 ff'],
  ['an upper-case name', '03 40c8 01 41 01 61 00'],
  ['a pseudo-field', '03 40c8 02 3a61 01 61 00'],
  ['a line feed in a value', '03 40c8 01 61 01 0a 00'],
  ['a zero byte in a value', '03 40c8 01 61 01 00 00'],
  ['a blank at the end of a value', '03 40c8 01 61 02 6120 00'],
  ['an empty name in a section of known length', '01 40c8 03 00 01 61'],
  ['a line longer than its section', '01 40c8 03 01 61 05 61 61 61 61 61'],
  ['a status below 100', '01 40 63'],
  ['a status above 599', '01 42 58'],
  ['an empty method', '00 00 05 6874747073 00 01 2f'],
  ['a blank in a path', '00 03 474554 05 6874747073 00 03 2f2061'],
  ['a line break in a path', '00 03 474554 05 6874747073 00 03 2f0d0a'],
  ['a scheme that is none', '00 03 474554 01 31 00 01 2f'],
])('%s is malformed', async (_name, encoded) => {
  expect(await codeOf(parseMessage(bytes(encoded)))).toBe('ERR_CHANNEL_MALFORMED_MESSAGE');
});

test.each([known, indeterminate])('a cut at any byte of %o is an error or drops empty parts only', async (framing) => {
  const message = { request: HEAD, content: utf8('some content'), trailers: [['t', 'v']] as const };
  const encoded = encodeMessage(message, framing);
  const whole = await parseMessage(encoded);
  const survivors: number[] = [];
  for (let length = 0; length < encoded.length; length++) {
    const code = await codeOf(parseMessage(encoded.subarray(0, length)));
    if (code === undefined) survivors.push(length);
    else expect(code).toBe('ERR_CHANNEL_TRUNCATED');
  }
  // RFC 9292 section 3.8: a message may end where a part begins. The sealed final chunk is what tells the two apart.
  for (const length of survivors) expect(await parseMessage(encoded.subarray(0, length))).not.toEqual(whole);
  expect(survivors.length).toBeLessThanOrEqual(3);
});

test.each([
  ['headBytes', 'ERR_CHANNEL_TOO_LARGE'],
  ['contentBytes', 'ERR_CHANNEL_TOO_LARGE'],
  ['trailerBytes', 'ERR_CHANNEL_TOO_LARGE'],
  ['paddingBytes', 'ERR_CHANNEL_TOO_LARGE'],
] as const)('%s is bounded', async (limit, code) => {
  const message = { request: HEAD, content: new Uint8Array(100), trailers: [['t', 'v'.repeat(100)]] as const };
  for (const framing of [known, indeterminate]) {
    const encoded = encodeMessage(message, { ...framing, padding: 100 });
    expect(await codeOf(parseMessage(encoded, { [limit]: 20 }))).toBe(code);
    expect(await codeOf(parseMessage(encoded, { [limit]: 2000 }))).toBeUndefined();
  }
});

test('a flood of informational responses meets the limit of the head', async () => {
  const flood = concat(Uint8Array.of(3), ...Array.from({ length: 20_000 }, () => Uint8Array.of(0x40, 100, 0)));
  expect(await codeOf(parseMessage(flood))).toBe('ERR_CHANNEL_TOO_LARGE');
});

test.each([
  ['a name', { response: { status: 200, headers: [['Upper', 'x']] } }],
  ['a value', { response: { status: 200, headers: [['a', 'x\r\ny']] } }],
  ['a value beyond bytes', { response: { status: 200, headers: [['a', '\u20ac']] } }],
  ['a status', { response: { status: 99, headers: [] } }],
  ['an informational final status', { response: { status: 103, headers: [] } }],
  ['a method', { request: { ...HEAD, method: 'GET /' } }],
  ['a path', { request: { ...HEAD, path: '/a b' } }],
  ['no head', {}],
  ['two heads', { request: HEAD, response: { status: 200, headers: [] } }],
  ['an informational response to a request', { request: HEAD, informational: [{ status: 103, headers: [] }] }],
  ['a trailer', { request: HEAD, trailers: [['a b', '']] }],
] as const)('encoding refuses %s that HTTP does not allow', (_name, message) => {
  expect(() => encodeMessage(message)).toThrow(expect.objectContaining({ code: 'ERR_CHANNEL_INVALID_ARGUMENT' }));
});
