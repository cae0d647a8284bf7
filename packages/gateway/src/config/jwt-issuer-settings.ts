import { JWT_ALGORITHMS, type JwtAlgorithm } from '@cloister/tenancy';
import { z } from 'zod';

/** An issuer of JSON Web Tokens as data; `createJwtIssuer` of `@cloister/tenancy` says what the members mean. */
export interface JwtIssuerSettings {
  readonly issuer: string;
  readonly audience: string;
  /** Where the issuer's JWK Set is: https. */
  readonly keySetUrl: string;
  /** Every tenant that the issuer may speak for. */
  readonly tenants: readonly string[];
  readonly purpose: string;
  readonly scopes?: readonly string[];
  readonly type?: string;
  readonly algorithms?: readonly JwtAlgorithm[];
  /** Seconds since `iat` at most. */
  readonly maxAge?: number;
}

const name = z.string().min(1).max(256);

/** Strict; `createJwtIssuer` checks the members' values once more. */
export const jwtIssuerSchema: z.ZodType<JwtIssuerSettings> = z.strictObject({
  issuer: name,
  audience: name,
  keySetUrl: z.string().max(2048),
  tenants: z.array(name).min(1).max(10_000),
  purpose: name,
  scopes: z.array(name).max(32).exactOptional(),
  type: name.exactOptional(),
  algorithms: z.array(z.enum(JWT_ALGORITHMS)).min(1).exactOptional(),
  maxAge: z.int().min(1).max(86_400).exactOptional(),
});
