import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { findCloisterError } from '@cloister/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPinnedFetch } from './create-pinned-fetch.ts';

/** A certificate for localhost and its key, made for this test alone. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUff1AmumH5CndASUl4zGSwa4wq3EwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDE2MzgwNVoYDzIxMjYxMDMx
MTYzODA1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQwADn9cdBX05PK5Em/TDl4RzHezXKwLcStbFIYsUr+E8U5nkPHex1G
RqdWzEXMGjT5Flw0bMjbx8SUpbiI6Xlfo28wbTAdBgNVHQ4EFgQUyy7e5X6KOA55
9T7otk2H9P6fLrEwHwYDVR0jBBgwFoAUyy7e5X6KOA559T7otk2H9P6fLrEwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIhALdHC0KMKlJZuYHq1cC4xmARAMf312iz/0MpKXGIfLqnAiAF
N7YBEuJxvRlpgP5iYWiLeyOPd2/e+qFPecCW+7ne7w==
-----END CERTIFICATE-----
`;
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgphhkdiKu/fpM+L0i
4bHgm8PVv4s54ZsolwMJXyDc8FChRANCAAQwADn9cdBX05PK5Em/TDl4RzHezXKw
LcStbFIYsUr+E8U5nkPHex1GRqdWzEXMGjT5Flw0bMjbx8SUpbiI6Xlf
-----END PRIVATE KEY-----
`;

const seen: string[] = [];
const server = createServer({ cert: CERTIFICATE, key: KEY }, (request, response) => {
  seen.push(`${request.method} ${request.url}`);
  if (request.url === '/redirect') response.writeHead(302, { location: '/' }).end();
  else request.pipe(response.writeHead(200, { 'content-type': 'text/plain' }));
});
const spki = new X509Certificate(CERTIFICATE).publicKey.export({ type: 'spki', format: 'der' });
const pin = createHash('sha256').update(spki).digest();
let url = '';

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('createPinnedFetch', () => {
  it('speaks to the holder of the key', async () => {
    const pinned = createPinnedFetch(pin, { ca: CERTIFICATE });
    const response = await pinned(`${url}/echo`, { method: 'POST', body: 'hello' });
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'text/plain',
      'hello',
    ]);
  });

  it('sends nothing to the holder of another', async () => {
    seen.length = 0;
    const pinned = createPinnedFetch(new Uint8Array(32), { ca: CERTIFICATE });
    const error = await pinned(`${url}/echo`, { method: 'POST', body: 'hello' }).catch((cause: unknown) => cause);
    expect(findCloisterError(error)).toMatchObject({ code: 'ERR_CLIENT_TLS_KEY_WRONG' });
    expect(seen).toEqual([]);
  });

  it('does not trust a key alone: the chain must hold too', async () => {
    seen.length = 0;
    await expect(createPinnedFetch(pin)(url)).rejects.toThrow(/self-signed/);
    expect(seen).toEqual([]);
  });

  it('gives redirects back and stops when told', async () => {
    const pinned = createPinnedFetch(pin, { ca: CERTIFICATE });
    expect((await pinned(`${url}/redirect`)).status).toBe(302);
    await expect(pinned(url, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});
