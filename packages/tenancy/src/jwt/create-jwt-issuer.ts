import { createMint, systemClock } from '@cloister/core';
import type { Clock } from '@cloister/core';
import { createLocalJWKSet } from 'jose';
import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose';
import * as z from 'zod';
import { tenancyError } from '../errors.ts';
import { createKeySet } from './key-set.ts';

/** Signature algorithms that an issuer may use (RFC 7518, RFC 8037): asymmetric ones only. */
export const JWT_ALGORITHMS = ['EdDSA', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256'] as const;

/** One of `JWT_ALGORITHMS`. */
export type JwtAlgorithm = (typeof JWT_ALGORITHMS)[number];

/** What tokens of one issuer must be like. */
export interface JwtIssuerOptions {
  /** The `iss` of every token, compared as a whole. */
  readonly issuer: string;
  /** The `aud`: this and nothing beside it. A token for several services could be replayed by each of them. */
  readonly audience: string;
  /** The issuer's JWK Set (RFC 7517), or where it is: https, or http on this machine. */
  readonly keys: { readonly jwks: JSONWebKeySet } | { readonly url: string };
  /** The tenants that this issuer may speak for: a list, or a pattern for the whole name. */
  readonly tenants: readonly string[] | RegExp;
  /** Why data is used on these tokens, for example `treatment`. */
  readonly purpose: string;
  /** Scopes that a token must have, each compared as a whole word of `scope`; none unless given. */
  readonly scopes?: readonly string[];
  /** The header's `typ`; `at+jwt` (RFC 9068) unless given. */
  readonly type?: string;
  /** `EdDSA` and `ES256` unless given. */
  readonly algorithms?: readonly JwtAlgorithm[];
  /** Seconds since `iat` at most: 3,600 unless given. */
  readonly maxAge?: number;
  /** Seconds by which clocks may differ: 5 unless given, at most 60. */
  readonly tolerance?: number;
  /** Names of the claims; `tenant`, `groups`, `clearance` and `compartments` unless given. */
  readonly claims?: Partial<Readonly<Record<'tenant' | 'groups' | 'clearance' | 'compartments', string>>>;
  /** Seconds between two fetches of the key set at least: 30 unless given. */
  readonly cooldown?: number;
  /** Seconds for which a fetched key set is believed: 600 unless given. */
  readonly keySetMaxAge?: number;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
}

declare const issuerBrand: unique symbol;

/** Whose tokens count, and what for. Resolves only through its maker: a look-alike vouches for nobody. */
export interface JwtIssuer {
  /** The `issuer` of every principal that it vouches for. */
  readonly issuer: string;
  readonly [issuerBrand]: true;
}

/** The options, resolved once. */
export interface JwtRules extends Required<
  Omit<JwtIssuerOptions, 'keys' | 'tenants' | 'claims' | 'fetch' | 'cooldown' | 'keySetMaxAge'>
> {
  readonly findKey: JWTVerifyGetKey;
  readonly speaksFor: (tenant: string) => boolean;
  readonly claims: Readonly<Record<'tenant' | 'groups' | 'clearance' | 'compartments', string>>;
}

const name = z.string().min(1).max(256);
const seconds = (most: number): z.ZodNumber => z.int().min(0).max(most);

const optionsSchema: z.ZodType<unknown> = z.strictObject({
  issuer: name,
  audience: name,
  keys: z.union([z.strictObject({ url: z.string().max(2048) }), z.strictObject({ jwks: z.looseObject({}) })]),
  tenants: z.union([z.array(name).min(1), z.instanceof(RegExp)]),
  purpose: name,
  scopes: z.array(name.regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/)).exactOptional(),
  type: name.exactOptional(),
  algorithms: z.array(z.enum(JWT_ALGORITHMS)).min(1).exactOptional(),
  maxAge: seconds(86_400).exactOptional(),
  tolerance: seconds(60).exactOptional(),
  claims: z.partialRecord(z.enum(['tenant', 'groups', 'clearance', 'compartments']), name).exactOptional(),
  cooldown: seconds(3600).exactOptional(),
  keySetMaxAge: seconds(86_400).exactOptional(),
  fetch: z.unknown().exactOptional(),
  clock: z.unknown().exactOptional(),
});

const mint = createMint<JwtIssuer, JwtRules>();

/**
 * An issuer of JSON Web Tokens (RFC 7519) for `verifyPrincipal`. Nothing is fetched before the first token.
 * @throws CloisterError `ERR_TENANCY_ISSUER` on options that do not fit, the first of them as the subject
 */
export function createJwtIssuer(options: JwtIssuerOptions): JwtIssuer {
  const { error } = optionsSchema.safeParse(options);
  if (error !== undefined)
    throw tenancyError('ERR_TENANCY_ISSUER', { subject: String(error.issues[0]?.path[0] ?? 'options') });
  const { scopes = [], type = 'at+jwt', algorithms = ['EdDSA', 'ES256'], maxAge = 3600, tolerance = 5 } = options;
  const { cooldown = 30, keySetMaxAge = 600, clock = systemClock, issuer, audience, purpose, tenants } = options;
  const names = { tenant: 'tenant', groups: 'groups', clearance: 'clearance', compartments: 'compartments' };
  const rules: JwtRules = {
    issuer,
    audience,
    purpose,
    scopes,
    type,
    algorithms,
    maxAge,
    tolerance,
    clock,
    claims: { ...names, ...options.claims },
    findKey: keySource(options, { clock, cooldown: cooldown * 1000, maxAge: keySetMaxAge * 1000 }),
    speaksFor: closed(tenants),
  };
  return mint.mint({ issuer } as JwtIssuer, rules);
}

function keySource(
  { keys, fetch: send = fetch }: JwtIssuerOptions,
  timing: { readonly clock: Clock; readonly cooldown: number; readonly maxAge: number },
): JWTVerifyGetKey {
  if ('url' in keys) {
    if (!isTrustedUrl(keys.url)) throw tenancyError('ERR_TENANCY_ISSUER', { subject: 'keys' });
    return createKeySet({ url: keys.url, fetch: send, ...timing });
  }
  try {
    return createLocalJWKSet(keys.jwks);
  } catch {
    throw tenancyError('ERR_TENANCY_ISSUER', { subject: 'keys' });
  }
}

function isTrustedUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const local = url?.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  return url?.username === '' && (local || url.protocol === 'https:');
}

/** A pattern matches from the first to the last character, whatever anchors and flags it was written with. */
function closed(tenants: readonly string[] | RegExp): (tenant: string) => boolean {
  if (!(tenants instanceof RegExp)) return (tenant) => tenants.includes(tenant);
  const whole = new RegExp(`^(?:${tenants.source})$`, tenants.flags.replaceAll(/[dgmy]/g, ''));
  return (tenant) => whole.test(tenant);
}

/**
 * The rules behind an issuer.
 * @throws CloisterError `ERR_TENANCY_ISSUER` when it is not one of ours
 */
export function jwtRules(issuer: JwtIssuer): JwtRules {
  const rules = mint.resolve(issuer);
  if (rules === undefined) throw tenancyError('ERR_TENANCY_ISSUER');
  return rules;
}
