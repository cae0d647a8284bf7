import { findCloisterError } from '@cloister/core';
import type { Clock, Principal } from '@cloister/core';
import { jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';
import { tenancyError } from '../errors.ts';
import { mintPrincipal } from '../principal.ts';
import { jwtRules } from './create-jwt-issuer.ts';
import type { JwtIssuer, JwtRules } from './create-jwt-issuer.ts';

/** The longest token that is looked at, in characters. */
const MAX_LENGTH = 16_384;

/**
 * The principal of a JSON Web Token (RFC 7519, RFC 9068): signature by a key of the issuer, exact issuer, type and
 * audience, age, scopes, a tenant that the issuer may speak for. Whatever is wrong, the answer is the same.
 * @throws CloisterError `ERR_TENANCY_UNAUTHENTICATED`, `ERR_TENANCY_KEY_SET` when the issuer's keys cannot be had
 */
export async function verifyJwt(token: unknown, issuer: JwtIssuer, clock?: Clock): Promise<Principal> {
  const rules = jwtRules(issuer);
  if (typeof token !== 'string' || token.length > MAX_LENGTH) throw tenancyError('ERR_TENANCY_UNAUTHENTICATED');
  const payload = await verifyToken(token, rules, clock ?? rules.clock);
  const { tenant } = claimsOf(payload, rules);
  if (!isForUsOnly(payload, rules) || !hasScopes(payload, rules) || !rules.speaksFor(String(tenant))) {
    throw tenancyError('ERR_TENANCY_UNAUTHENTICATED');
  }
  try {
    return mintPrincipal(claimsOf(payload, rules));
  } catch {
    throw tenancyError('ERR_TENANCY_UNAUTHENTICATED');
  }
}

async function verifyToken(token: string, rules: JwtRules, clock: Clock): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, rules.findKey, {
      issuer: rules.issuer,
      audience: rules.audience,
      typ: rules.type,
      algorithms: [...rules.algorithms],
      maxTokenAge: rules.maxAge,
      clockTolerance: rules.tolerance,
      currentDate: new Date(clock.now()),
      requiredClaims: ['sub', 'exp', 'iat'],
    });
    return payload;
  } catch (error) {
    // jose's own errors quote claims, so none of them is passed on.
    const ours = findCloisterError(error);
    throw ours?.code === 'ERR_TENANCY_KEY_SET' ? ours : tenancyError('ERR_TENANCY_UNAUTHENTICATED');
  }
}

/** jose is content when the audience is among several. */
function isForUsOnly({ aud }: JWTPayload, { audience }: JwtRules): boolean {
  return Array.isArray(aud) ? aud.length === 1 && aud[0] === audience : aud === audience;
}

function hasScopes(payload: JWTPayload, { scopes }: JwtRules): boolean {
  const { scope = '' } = payload as { readonly scope?: unknown };
  const held = typeof scope === 'string' ? scope.split(' ') : [];
  return scopes.every((wanted) => held.includes(wanted));
}

function claimsOf(payload: JWTPayload, { issuer, purpose, claims }: JwtRules): Readonly<Record<string, unknown>> {
  const read = (name: string): unknown => (Object.hasOwn(payload, name) ? payload[name] : undefined);
  return {
    issuer,
    tenant: read(claims.tenant),
    subject: payload.sub,
    groups: read(claims.groups) ?? [],
    clearance: read(claims.clearance),
    compartments: read(claims.compartments) ?? [],
    purpose,
  };
}
