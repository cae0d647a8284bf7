import { describe, expect, it } from 'vitest';
import { parseRequest, signalOf } from './parse-request.ts';

const url = 'https://enclave.example/v1/chat/completions?x=1';
const parse = (input: Parameters<typeof parseRequest>[0], init?: RequestInit): ReturnType<typeof parseRequest> =>
  parseRequest(input, init, 100);
const textOf = async (input: Parameters<typeof parseRequest>[0], init?: RequestInit): Promise<string> =>
  Buffer.from((await parse(input, init)).body).toString();

describe('parseRequest', () => {
  it('reads what fetch would send', async () => {
    const form = new URLSearchParams({ a: 'b' });
    expect(await textOf(url, { method: 'POST', body: 'über' })).toBe('über');
    expect(await textOf(new URL(url), { method: 'POST', body: Buffer.from('abc') })).toBe('abc');
    expect(await textOf(new Request(url, { method: 'POST', body: 'abc' }))).toBe('abc');
    expect(await textOf(url, { method: 'POST', body: form })).toBe('a=b');
    expect((await parse(url, { method: 'post', body: form })).headers.get('content-type')).toMatch(
      /^application\/x-www-form-urlencoded/,
    );
    expect(await parse(url)).toMatchObject({ method: 'GET', body: new Uint8Array(0), signal: undefined });
  });

  it('lets init win over the request, as fetch does', async () => {
    const request = new Request(url, { method: 'PUT', headers: { a: '1' }, body: 'old' });
    const parsed = await parse(request, { method: 'POST', headers: { b: '2' }, body: 'new' });
    expect([parsed.method, parsed.headers.get('a'), parsed.headers.get('b')]).toEqual(['POST', null, '2']);
    const { signal } = new AbortController();
    expect(signalOf(request, { signal })).toBe(signal);
  });

  it.each<[string, RequestInit, string]>([
    ['nonsense', {}, 'ERR_CLIENT_REQUEST_INVALID'],
    ['/v1/models', {}, 'ERR_CLIENT_REQUEST_INVALID'],
    [url, { method: 'GET', body: 'x' }, 'ERR_CLIENT_REQUEST_INVALID'],
    [url, { method: 'POST', body: 'x'.repeat(101) }, 'ERR_CLIENT_REQUEST_TOO_LARGE'],
    [url, { method: 'POST', body: 'ü'.repeat(51) }, 'ERR_CLIENT_REQUEST_TOO_LARGE'],
    [url, { method: 'POST', body: new Blob(['x'.repeat(101)]) }, 'ERR_CLIENT_REQUEST_TOO_LARGE'],
  ])('refuses %j with %j', async (address, init, code) => {
    await expect(parse(address, init)).rejects.toMatchObject({ code });
  });
});
