import { utf8 } from '@cloister/core';
import type { Clock } from '@cloister/core';
import { SignJWT, UnsecuredJWT, exportJWK, generateKeyPair } from 'jose';
import type { JWTPayload } from 'jose';
import { describe, expect, it } from 'vitest';
import { principalClaims } from '../principal.ts';
import { verifyPrincipal } from '../verify-principal.ts';
import { createJwtIssuer } from './create-jwt-issuer.ts';
import type { JwtIssuer, JwtIssuerOptions } from './create-jwt-issuer.ts';

const NOW = 1_800_000_000;
const clock: Clock = { now: () => NOW * 1000 };
const [key, other] = [await generateKeyPair('EdDSA'), await generateKeyPair('EdDSA')];
const jwk = { ...(await exportJWK(key.publicKey)), kid: 'one', alg: 'EdDSA', use: 'sig' };
const otherJwk = { ...(await exportJWK(other.publicKey)), kid: 'two', alg: 'EdDSA', use: 'sig' };

const options: JwtIssuerOptions = {
  issuer: 'https://id.example',
  audience: 'cloister',
  keys: { jwks: { keys: [jwk] } },
  tenants: /st-[a-z]{2,10}/,
  purpose: 'treatment',
  scopes: ['rag.ask'],
  clock,
};
const payload: JWTPayload = {
  iss: 'https://id.example',
  aud: 'cloister',
  sub: 'dr-jones',
  iat: NOW - 10,
  exp: NOW + 600,
  scope: 'openid rag.ask',
  tenant: 'st-mary',
  groups: ['cardiology'],
  clearance: 'restricted',
};

interface Signing {
  readonly header?: object;
  readonly by?: CryptoKey;
}

async function sign(change: object = {}, { header = {}, by = key.privateKey }: Signing = {}): Promise<string> {
  const claims = Object.entries({ ...payload, ...change }).filter(([, value]) => value !== undefined);
  return new SignJWT(Object.fromEntries(claims) as JWTPayload)
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: 'one', ...header })
    .sign(by);
}

const unauthenticated = expect.objectContaining({
  code: 'ERR_TENANCY_UNAUTHENTICATED',
  subject: undefined,
  detail: {},
});
const issuer = createJwtIssuer(options);

describe('verifyPrincipal with a token', () => {
  it('gives the claims, of this issuer and this purpose', async () => {
    const principal = await verifyPrincipal({ jwt: await sign() }, issuer);
    expect(principalClaims(principal)).toEqual({
      issuer: 'https://id.example',
      tenant: 'st-mary',
      subject: 'dr-jones',
      groups: ['cardiology'],
      clearance: 'restricted',
      compartments: [],
      purpose: 'treatment',
    });
    expect(await verifyPrincipal({ jwt: await sign({ aud: ['cloister'] }) }, issuer)).toBeDefined();
  });

  it.each<[string, object]>([
    ['another issuer', { iss: 'https://id.example.evil' }],
    ['no issuer', { iss: undefined }],
    ['another audience', { aud: 'cloister2' }],
    ['a further audience', { aud: ['cloister', 'mail'] }],
    ['the audience twice', { aud: ['cloister', 'cloister'] }],
    ['no audience', { aud: undefined }],
    ['an end in the past', { exp: NOW - 6 }],
    ['no end', { exp: undefined }],
    ['no beginning', { iat: undefined }],
    ['a beginning in the future', { iat: NOW + 60 }],
    ['a beginning too long ago', { iat: NOW - 3606 }],
    ['a time from which it counts in the future', { nbf: NOW + 60 }],
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: '' }],
    ['no scope', { scope: undefined }],
    ['a scope that only begins like it', { scope: 'rag.ask2 rag' }],
    ['scopes as a list', { scope: ['rag.ask'] }],
    ['a tenant outside the pattern', { tenant: 'st-mary2' }],
    ['a tenant that only contains the pattern', { tenant: 'x st-mary' }],
    ['a tenant over several lines', { tenant: 'st-mary\nst-john' }],
    ['no tenant', { tenant: undefined }],
    ['a tenant that is a list', { tenant: ['st-mary'] }],
    ['no clearance', { clearance: undefined }],
    ['another clearance', { clearance: 'root' }],
    ['groups as a text', { groups: 'cardiology' }],
    ['a group with a line break', { groups: ['a\nb'] }],
  ])('refuses %s, with one answer', async (_name, change) => {
    await expect(verifyPrincipal({ jwt: await sign(change) }, issuer)).rejects.toEqual(unauthenticated);
  });

  it.each<[string, Signing]>([
    ['another type', { header: { typ: 'JWT' } }],
    ['no type', { header: { typ: undefined } }],
    ['an unknown key id', { header: { kid: 'three' } }],
    ['the signature of another key', { by: other.privateKey }],
    ['a critical header that nobody knows', { header: { crit: ['x'], x: 1 } }],
  ])('refuses %s', async (_name, signing) => {
    const jwt = await sign({}, signing).catch(async () => handMade(signing.header ?? {}));
    await expect(verifyPrincipal({ jwt }, issuer)).rejects.toEqual(unauthenticated);
  });

  it('refuses no algorithm, a shared secret and algorithms that were not chosen', async () => {
    const elliptic = await generateKeyPair('ES384');
    const jwks = { keys: [{ ...(await exportJWK(elliptic.publicKey)), kid: 'one' }] };
    const tokens = [
      [new UnsecuredJWT(payload).encode(), issuer],
      [
        await new SignJWT(payload)
          .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'one' })
          .sign(utf8(JSON.stringify(jwk))),
        issuer,
      ],
      [
        await new SignJWT(payload)
          .setProtectedHeader({ alg: 'ES384', typ: 'at+jwt', kid: 'one' })
          .sign(elliptic.privateKey),
        createJwtIssuer({ ...options, keys: { jwks } }),
      ],
    ] as const;
    for (const [jwt, by] of tokens) await expect(verifyPrincipal({ jwt }, by)).rejects.toEqual(unauthenticated);
    const [jwt] = tokens[2];
    const chosen = createJwtIssuer({ ...options, keys: { jwks }, algorithms: ['ES384'] });
    expect(await verifyPrincipal({ jwt }, chosen)).toBeDefined();
  });

  it('refuses every change of a character, every cut, and what is no token', async () => {
    const jwt = await sign();
    const signature = jwt.lastIndexOf('.') + 1;
    for (let at = 0; at < jwt.length; at++) {
      // The last character of a part may have bits that count for nothing; another first bit always counts.
      const changed = jwt.slice(0, at) + (jwt[at] === 'A' ? 'Q' : 'A') + jwt.slice(at + 1);
      if (at === jwt.length - 1 || jwt[at] === '.') continue;
      await expect(verifyPrincipal({ jwt: changed }, issuer)).rejects.toEqual(unauthenticated);
    }
    for (const cut of [
      jwt.slice(0, signature),
      jwt.slice(0, signature - 1),
      jwt.slice(1),
      `${jwt}.`,
      '',
      'x'.repeat(20_000),
    ]) {
      await expect(verifyPrincipal({ jwt: cut }, issuer)).rejects.toEqual(unauthenticated);
    }
    for (const value of [null, 1, {}, undefined]) {
      await expect(verifyPrincipal({ jwt: value as never }, issuer)).rejects.toEqual(unauthenticated);
    }
  });

  it('takes the clock that it is given', async () => {
    const late = { clock: { now: () => (NOW + 3600) * 1000 } };
    await expect(verifyPrincipal({ jwt: await sign() }, issuer, late)).rejects.toEqual(unauthenticated);
  });

  it('refuses an issuer that is not one of ours, and options that do not fit', async () => {
    const code = { code: 'ERR_TENANCY_ISSUER' };
    await expect(verifyPrincipal({ jwt: await sign() }, { ...issuer })).rejects.toMatchObject(code);
    const wrong: Partial<Record<keyof JwtIssuerOptions, unknown>>[] = [
      { audience: '' },
      { tenants: [] },
      { tenants: 'st-mary' },
      { keys: { url: 'http://id.example/jwks' } },
      { keys: { url: 'https://user@id.example/jwks' } },
      { keys: { jwks: { keys: 'none' } } },
      { algorithms: ['HS256'] },
      { tolerance: 61 },
      { extra: 1 } as object,
    ];
    for (const change of wrong) {
      expect(() => createJwtIssuer({ ...options, ...change } as JwtIssuerOptions)).toThrow(
        expect.objectContaining(code),
      );
    }
  });
});

/** A token that jose would not make: nobody gets as far as its signature. */
function handMade(header: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'EdDSA', typ: 'at+jwt', kid: 'one', ...header })}.${part(payload)}.${'A'.repeat(86)}`;
}

/** An issuer whose key set is served, and what was asked of it. */
function served(answer: () => Response | Promise<Response>) {
  let now = NOW * 1000;
  const asked: string[] = [];
  const remote: JwtIssuer = createJwtIssuer({
    ...options,
    keys: { url: 'https://id.example/jwks' },
    clock: { now: () => now },
    maxAge: 86_400,
    fetch: async (url, init) => {
      expect(init).toMatchObject({ redirect: 'error', credentials: 'omit' });
      asked.push(url instanceof Request ? url.url : String(url));
      return answer();
    },
  });
  return { remote, asked, pass: (seconds: number) => void (now += seconds * 1000) };
}

describe('a key set that is fetched', () => {
  it('is fetched once for all who wait, believed for a while, then fetched again', async () => {
    const { remote, asked, pass } = served(() => Response.json({ keys: [jwk] }));
    const jwt = await sign({ exp: NOW + 80_000 });
    await Promise.all(Array.from({ length: 20 }, () => verifyPrincipal({ jwt }, remote)));
    expect(asked).toEqual(['https://id.example/jwks']);
    pass(599);
    await verifyPrincipal({ jwt }, remote);
    expect(asked).toHaveLength(1);
    pass(2);
    await verifyPrincipal({ jwt }, remote);
    expect(asked).toHaveLength(2);
  });

  it('is fetched for an unknown key id, but not more often than the cool-down allows', async () => {
    let keys = [jwk];
    const { remote, asked, pass } = served(() => Response.json({ keys }));
    const [old, fresh] = [
      await sign({ exp: NOW + 900 }),
      await sign({}, { header: { kid: 'two' }, by: other.privateKey }),
    ];
    await verifyPrincipal({ jwt: old }, remote);
    keys = [otherJwk];
    for (let turn = 0; turn < 50; turn++) {
      await expect(verifyPrincipal({ jwt: fresh }, remote)).rejects.toEqual(unauthenticated);
    }
    expect(asked).toHaveLength(1);
    pass(31);
    expect(await verifyPrincipal({ jwt: fresh }, remote)).toBeDefined();
    await expect(verifyPrincipal({ jwt: old }, remote)).rejects.toEqual(unauthenticated);
    expect(asked).toHaveLength(2);
  });

  it.each<[string, () => Response | Promise<Response>]>([
    ['an error', () => new Response('no', { status: 500 })],
    ['no JSON', () => new Response('<html>')],
    ['no key set', () => Response.json({ keys: 'none' })],
    ['a huge answer', () => new Response(new Uint8Array(70_000))],
    ['nothing', () => Promise.reject(new TypeError('fetch failed'))],
  ])(
    'that answers with %s is told apart from a bad token, and asked again after the cool-down',
    async (_name, answer) => {
      const { remote, asked, pass } = served(answer);
      const unavailable = { code: 'ERR_TENANCY_KEY_SET', retryable: true };
      const jwt = await sign();
      await expect(verifyPrincipal({ jwt }, remote)).rejects.toMatchObject(unavailable);
      await expect(verifyPrincipal({ jwt }, remote)).rejects.toMatchObject(unavailable);
      expect(asked).toHaveLength(1);
      pass(31);
      await expect(verifyPrincipal({ jwt }, remote)).rejects.toMatchObject(unavailable);
      expect(asked).toHaveLength(2);
    },
  );
});
