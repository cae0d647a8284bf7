import type { EnclaveIdentity } from '@cloister/evidence';
import { describe, expect, it } from 'vitest';
import { createInnerHead } from './inner-head.ts';
import { parseRequest } from './parse-request.ts';

const digest = new Uint8Array(32).fill(1);
const identity = { evidenceDigest: digest, policyDigest: digest } as EnclaveIdentity;
const additions = {
  streamShape: 'off',
  isResumable: false,
  now: Date.UTC(2026, 10, 24, 12),
  requestId: 'request-id',
  cacheSalt: 'cs1.own',
  identity,
} as const;

async function head(
  headers: Record<string, string>,
): Promise<{ readonly fields: Record<string, string>; readonly path: string }> {
  const request = await parseRequest('https://enclave.example:8443/v1/models?a=b#c', { headers }, 100);
  const { headers: lines, ...rest } = createInnerHead(request, additions);
  expect(rest).toEqual({ method: 'GET', scheme: 'https', authority: 'enclave.example:8443', path: '/v1/models?a=b' });
  expect(new Set(lines.map(([name]) => name)).size).toBe(lines.length);
  return { fields: Object.fromEntries(lines), path: rest.path };
}

describe('the sealed head', () => {
  it('holds what the caller wrote and what the gateway needs', async () => {
    const { fields } = await head({ authorization: 'Bearer x', 'X-Own': 'y' });
    expect(fields).toEqual({
      authorization: 'Bearer x',
      'x-own': 'y',
      date: 'Tue, 24 Nov 2026 12:00:00 GMT',
      'cloister-request-id': 'request-id',
      'cloister-evidence-digest': '01'.repeat(32),
      'cloister-policy-digest': '01'.repeat(32),
      'cloister-cache-salt': 'cs1.own',
      'cloister-cache-scope': 'session',
    });
  });

  it('keeps a salt and a scope of the caller', async () => {
    const { fields } = await head({ 'cloister-cache-salt': 'cs1.mine', 'cloister-cache-scope': 'tenant' });
    expect(fields).toMatchObject({ 'cloister-cache-salt': 'cs1.mine', 'cloister-cache-scope': 'tenant' });
  });

  it('lets no caller set what the client vouches for, nor fields of the outer connection', async () => {
    const { fields } = await head({
      date: 'Mon, 01 Jan 2001 00:00:00 GMT',
      'cloister-request-id': 'forged',
      'cloister-evidence-digest': 'forged',
      connection: 'x',
      'content-length': '7',
      host: 'elsewhere',
      'transfer-encoding': 'chunked',
    });
    expect(Object.values(fields)).not.toContain('forged');
    for (const name of ['connection', 'content-length', 'host', 'transfer-encoding'])
      expect(fields).not.toHaveProperty(name);
    expect(fields['date']).toMatch(/2026/);
  });
});
