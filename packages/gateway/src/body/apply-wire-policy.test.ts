import { toHex, utf8 } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { applyWirePolicy } from './apply-wire-policy.ts';
import { REFUSED_MEMBERS, ROUTES, wirePolicyDigest } from '../config/wire-policy.ts';
import type { Route } from '../config/wire-policy.ts';

function route(path: string): Route {
  const found = ROUTES.find((known) => known.path === path);
  if (found === undefined) throw new Error('no such route');
  return found;
}

const chat = route('/v1/chat/completions');
const salted = (text: string, path: Route = chat): string =>
  Buffer.from(applyWirePolicy(path, utf8(text)).forEngine({ cacheSalt: 'cg1.x', user: 'cu1.y' })).toString();
const refuse = (text: string): void => void applyWirePolicy(chat, utf8(text));

describe('the wire policy', () => {
  it('sets the salt without touching another byte', () => {
    expect(salted('{"model":"m", "seed":9223372036854775807,"messages":[]}')).toBe(
      '{"cache_salt":"cg1.x","model":"m", "seed":9223372036854775807,"messages":[]}',
    );
    expect(salted('{ }')).toBe('{"cache_salt":"cg1.x" }');
  });

  it('replaces a salt of the caller where it stands, however it is written', () => {
    expect(salted('{"a":1,"cache_salt": "mine" ,"b":2}')).toBe('{"a":1,"cache_salt": "cg1.x" ,"b":2}');
    expect(salted('{"cache\\u005fsalt":"mine"}')).toBe('{"cache\\u005fsalt":"cg1.x"}');
    expect(salted('{"cache_salt":null}')).toBe('{"cache_salt":"cg1.x"}');
  });

  it('replaces the caller’s own user', () => {
    expect(salted('{"user":"Ada Lovelace"}')).toBe('{"cache_salt":"cg1.x","user":"cu1.y"}');
  });

  it('keeps responses from being stored', () => {
    expect(salted('{"input":"x"}', route('/v1/responses'))).toBe('{"store":false,"cache_salt":"cg1.x","input":"x"}');
  });

  it('reports the caller’s salt, model and user', () => {
    expect(applyWirePolicy(chat, utf8('{"model":"m","cache_salt":"s","user":"u"}'))).toMatchObject({
      salt: 's',
      model: 'm',
      user: 'u',
    });
    expect(applyWirePolicy(chat, utf8('{"model":7,"cache_salt":null}'))).toMatchObject({
      salt: undefined,
      model: undefined,
    });
  });

  it.each([
    '7',
    '""',
    '"a/b"',
    '"a@b"',
    '"a\\\\b"',
    '"a\\u0000b"',
    '"\\ud800"',
    `"${'a'.repeat(129)}"`,
    `"${'a'.repeat(5000)}"`,
    '["a"]',
    '{}',
    'true',
  ])('refuses the salt %s', (salt) => {
    expect(() => refuse(`{"cache_salt":${salt}}`)).toThrow(
      expect.objectContaining({ code: 'ERR_GATEWAY_SALT_INVALID' }),
    );
  });

  it.each(Object.keys(REFUSED_MEMBERS))('refuses %s unless it is harmless', (name) => {
    for (const value of ['1', '"x"', '{"a":1}', 'true', '"false"']) {
      expect(() => refuse(`{"${name}":${value}}`)).toThrow(
        expect.objectContaining({ code: 'ERR_GATEWAY_FIELD_REFUSED', subject: name }),
      );
    }
    for (const value of REFUSED_MEMBERS[name] ?? []) expect(() => refuse(`{"${name}":${value}}`)).not.toThrow();
  });

  it('limits parallel answers', () => {
    for (const value of ['9', '1e2', '"1"', '[1]', '8.5', 'true']) {
      expect(() => refuse(`{"n":${value}}`)).toThrow(expect.objectContaining({ code: 'ERR_GATEWAY_FIELD_REFUSED' }));
    }
    for (const value of ['8', '1', 'null']) expect(() => refuse(`{"n":${value}}`)).not.toThrow();
  });

  it('refuses names in the media cache, and only there', () => {
    const part = '{"messages":[{"content":[{"type":"image_url","uuid":"x"}]}]}';
    expect(() => refuse(part)).toThrow(expect.objectContaining({ code: 'ERR_GATEWAY_FIELD_REFUSED', subject: 'uuid' }));
    expect(() => refuse('{"tools":[{"function":{"parameters":{"properties":{"uuid":{}}}}}]}')).not.toThrow();
  });

  it('has a digest that names its content', () => {
    expect(toHex(wirePolicyDigest())).toMatch(/^[0-9a-f]{64}$/);
    expect(wirePolicyDigest()).toEqual(wirePolicyDigest());
  });
});
