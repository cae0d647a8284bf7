import { describe, expect, it } from 'vitest';
import {
  parseBearer,
  parseCacheHeaders,
  parseClaimedDigest,
  parseRequestId,
  singleHeader,
  verifyDate,
} from './parse-sealed-headers.ts';

const noon = Date.UTC(2026, 10, 24, 12);
const code = (name: string): unknown => expect.objectContaining({ code: name });

describe('sealed headers', () => {
  it('are read once or refused', () => {
    expect(singleHeader([['a', '1']], 'a')).toBe('1');
    expect(singleHeader([], 'a')).toBeUndefined();
    expect(() =>
      singleHeader(
        [
          ['a', '1'],
          ['a', '1'],
        ],
        'a',
      ),
    ).toThrow(code('ERR_GATEWAY_HEADER_INVALID'));
  });

  it('hold a date within five minutes, to the second, either way', () => {
    for (const away of [-300_000, 0, 300_000])
      expect(() => verifyDate([['date', new Date(noon + away).toUTCString()]], noon)).not.toThrow();
    for (const away of [-301_000, 301_000, 86_400_000]) {
      expect(() => verifyDate([['date', new Date(noon + away).toUTCString()]], noon)).toThrow(
        code('ERR_GATEWAY_DATE_REFUSED'),
      );
    }
    for (const text of [
      '',
      'now',
      '2026-11-24T12:00:00Z',
      'Tue, 24 Nov 2026 12:00:00 +0100',
      'Tuesday, 24-Nov-26 12:00:00 GMT',
      'Tue, 99 Nov 2026 12:00:00 GMT',
    ]) {
      expect(() => verifyDate([['date', text]], noon)).toThrow(code('ERR_GATEWAY_HEADER_INVALID'));
    }
    expect(() => verifyDate([], noon)).toThrow(code('ERR_GATEWAY_HEADER_INVALID'));
  });

  it('hold one bearer token', () => {
    expect(parseBearer([['authorization', 'Bearer abc']])).toBe('abc');
    for (const value of ['', 'Bearer', 'Bearer ', 'Basic abc', 'Bearer a b', `Bearer ${'a'.repeat(16_385)}`]) {
      expect(() => parseBearer([['authorization', value]])).toThrow(code('ERR_GATEWAY_NOT_AUTHENTICATED'));
    }
  });

  it('hold a request id', () => {
    expect(parseRequestId([['cloister-request-id', 'a'.repeat(22)]])).toHaveLength(22);
    for (const value of ['a'.repeat(15), 'a'.repeat(65), `${'a'.repeat(20)} `]) {
      expect(() => parseRequestId([['cloister-request-id', value]])).toThrow(code('ERR_GATEWAY_HEADER_INVALID'));
    }
  });

  it('say how far the cache is shared', () => {
    expect(parseCacheHeaders([])).toEqual({ scope: 'session', salt: undefined, group: undefined });
    expect(
      parseCacheHeaders([
        ['cloister-cache-scope', 'tenant'],
        ['cloister-cache-salt', 's'],
      ]),
    ).toMatchObject({ scope: 'tenant', salt: 's' });
    expect(() => parseCacheHeaders([['cloister-cache-scope', 'Session']])).toThrow(code('ERR_GATEWAY_HEADER_INVALID'));
    expect(() => parseCacheHeaders([['cloister-cache-salt', 'a/b']])).toThrow(code('ERR_GATEWAY_SALT_INVALID'));
    expect(() => parseCacheHeaders([['cloister-cache-group', 'a b']])).toThrow(code('ERR_GATEWAY_HEADER_INVALID'));
  });

  it('may claim digests; a malformed claim counts as none', () => {
    expect(parseClaimedDigest([['d', 'ab'.repeat(32)]], 'd')).toHaveLength(32);
    for (const value of ['', 'AB'.repeat(32), 'ab'.repeat(31)])
      expect(parseClaimedDigest([['d', value]], 'd')).toBeUndefined();
    expect(
      parseClaimedDigest(
        [
          ['d', 'ab'.repeat(32)],
          ['d', 'ab'.repeat(32)],
        ],
        'd',
      ),
    ).toBeUndefined();
  });
});
