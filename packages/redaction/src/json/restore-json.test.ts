import { describe, expect, it } from 'vitest';
import { createRedactor } from '../create-redactor.ts';
import { createVault } from '../vault/create-vault.ts';
import { restoreJson } from './restore-json.ts';

const redactor = createRedactor();

describe('JSON with tokens', () => {
  const vault = createVault();
  const token = redactor.redactSync('jo@example.org', { vault, label: 'confidential' }).text;

  it('is restored in its values and stays JSON', () => {
    const json = `{"to": ["${token}"], "n": 1.50, "${token}": 1.0, "e":"\\u005b${token.slice(1)}"}`;
    const back = restoreJson(vault, json, { clearance: 'restricted' });
    expect(back.report).toMatchObject({ restored: 2, unknown: 0 });
    expect(back.text).toBe(`{"to": ["jo@example.org"], "n": 1.50, "${token}": 1.0, "e":"jo@example.org"}`);
  });

  it('escapes what a value brings along', () => {
    const own = createVault();
    const all = createRedactor({
      detectors: [
        { id: 'all', detect: (text) => [{ type: 'SECRET', start: 0, end: text.length, score: 1, verified: false }] },
      ],
    });
    const value = 'a", "admin": true, "x": "\\\n$&';
    const json = JSON.stringify({ q: all.redactSync(value, { vault: own, label: 'public' }).text });
    expect(JSON.parse(restoreJson(own, json, { clearance: 'public' }).text)).toEqual({ q: value });
  });

  it('keeps what the clearance does not cover, links, and what is no JSON', () => {
    const json = JSON.stringify({ to: token, url: `https://x.example/?q=${token}` });
    expect(restoreJson(vault, json, { clearance: 'internal' }).text).toBe(json);
    expect(JSON.parse(restoreJson(vault, json, { clearance: 'restricted' }).text)).toEqual({
      to: 'jo@example.org',
      url: `https://x.example/?q=${token}`,
    });
    expect(() => restoreJson(vault, `{"to": ${token}`, { clearance: 'restricted' })).toThrow(/JSON|text/i);
  });
});
