import { type Clock, fromBase64url, fromHex, fromUtf8, type Principal } from '@cloister/core';
import {
  type ApiKeyDirectory,
  createJwtIssuer,
  type JwtIssuer,
  openSignedApiKeys,
  verifyPrincipal,
} from '@cloister/tenancy';
import type { EffectiveGatewayConfig } from '../config/gateway-config.ts';
import { gatewayError } from '../errors.ts';
import type { GatewayOptions } from '../gateway-options.ts';

/** Everybody who may call. */
export interface Callers {
  /** The principal of a bearer token, an API key or a JSON Web Token. @throws what `verifyPrincipal` throws */
  verify(bearer: string): Promise<Principal>;
}

/**
 * Puts together who may call: API keys, in a list that the configured owner signed where there is one, and the issuers of
 * the configuration.
 * @throws ERR_GATEWAY_CALLERS_UNSIGNED, ERR_GATEWAY_CALLERS_MISSING, and what `openSignedApiKeys` and `createJwtIssuer`
 *   throw
 */
export async function createCallers(
  config: EffectiveGatewayConfig,
  options: Pick<GatewayOptions, 'principals' | 'signedApiKeys'>,
  clock: Clock,
): Promise<Callers> {
  const directory = await openDirectory(config, options, clock);
  const issuers = new Map(config.jwtIssuers.map((settings) => [settings.issuer, createIssuer(settings, clock)]));
  if (directory === undefined && issuers.size === 0) throw gatewayError('ERR_GATEWAY_CALLERS_MISSING');
  return {
    async verify(bearer) {
      const issuer = issuers.get(issuerOf(bearer) ?? '');
      if (issuer !== undefined) return verifyPrincipal({ jwt: bearer }, issuer, { clock });
      if (directory === undefined) throw gatewayError('ERR_GATEWAY_NOT_AUTHENTICATED');
      return verifyPrincipal({ apiKey: bearer }, directory, { clock });
    },
  };
}

async function openDirectory(
  { apiKeyOwner }: EffectiveGatewayConfig,
  { principals, signedApiKeys }: Pick<GatewayOptions, 'principals' | 'signedApiKeys'>,
  clock: Clock,
): Promise<ApiKeyDirectory | undefined> {
  if (apiKeyOwner === null) return principals;
  if (principals !== undefined) throw gatewayError('ERR_GATEWAY_CALLERS_UNSIGNED');
  if (signedApiKeys === undefined) return undefined;
  return openSignedApiKeys(signedApiKeys, fromHex(apiKeyOwner), clock.now());
}

function createIssuer(
  { keySetUrl, ...settings }: EffectiveGatewayConfig['jwtIssuers'][number],
  clock: Clock,
): JwtIssuer {
  return createJwtIssuer({ ...settings, keys: { url: keySetUrl }, clock });
}

/** The `iss` that a token claims, unverified: it only says whose keys to try. `undefined` for anything but a token. */
function issuerOf(bearer: string): string | undefined {
  const [, payload, signature, ...more] = bearer.split('.');
  if (payload === undefined || signature === undefined || more.length > 0) return undefined;
  try {
    const claims = JSON.parse(fromUtf8(fromBase64url(payload))) as { readonly iss?: unknown } | null;
    return typeof claims?.iss === 'string' ? claims.iss : undefined;
  } catch {
    return undefined;
  }
}
