import { canonicalJson, sha256, toHex } from '@cloister/core';
import { CACHE_SCOPES } from '@cloister/session';
import type { CacheScope } from '@cloister/session';
import { z } from 'zod';
import { concurrencySchema, type ConcurrencySettings } from '../engine/concurrency-settings.ts';
import { gatewayError } from '../errors.ts';
import { type JwtIssuerSettings, jwtIssuerSchema } from './jwt-issuer-settings.ts';
import { isolationSchema, type IsolationSettings } from '../isolation/isolation-settings.ts';
import type { LimitSettings } from '../limits/tenant-limits.ts';
import { resumeSchema, type ResumeSettings } from '../resume/resume-settings.ts';
import { STREAM_SHAPES, type StreamShape } from '../shape/stream-shape.ts';
import { parseUpstream } from './parse-upstream.ts';
import { wirePolicyDigest } from './wire-policy.ts';

/** Settings of a gateway, all of them attested: their canonical JSON is what `deployment` hashes. */
export interface GatewayConfig {
  /** The engine: `http://`, a loopback address, a port, no path. */
  readonly upstream: string;
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  /** Life of a keyset in seconds, 600 to 3600. Default 3600; the last five minutes overlap with its successor. */
  readonly keysetSeconds?: number;
  /** Most requests remembered against replay. Default 262,144. */
  readonly replayCapacity?: number;
  /** Port on 127.0.0.1 for health and metrics; 0 takes a free one. Default: none. */
  readonly operationsPort?: number | null;
  /** Largest content of a request in bytes. Default 16 MiB. */
  readonly maxBodyBytes?: number;
  /** Largest answer in bytes that is held to find its token counts; streams are not held. Default 64 MiB. */
  readonly maxAnswerBytes?: number;
  /** Time for the sealed header section in ms. Default 2,000. */
  readonly headerMilliseconds?: number;
  /** Time for the whole request to arrive in ms. Default 60,000. */
  readonly bodyMilliseconds?: number;
  /** Longest silence of the engine in ms before the request counts as failed. Default 300,000. */
  readonly engineMilliseconds?: number;
  /** Time for a connection to the engine, in ms. Default 5,000. */
  readonly connectMilliseconds?: number;
  /** Time until a streamed answer begins, in ms; one in one piece has `engineMilliseconds`. Default 120,000. */
  readonly firstByteMilliseconds?: number;
  /** Time for a whole answer in ms, pauses of a slow caller included. Default 3,600,000. */
  readonly answerMilliseconds?: number;
  /** How many requests the engine gets at a time: learnt from how it takes them. Tenants take turns. */
  readonly concurrency?: ConcurrencySettings;
  /**
   * Ed25519 public key, hex, of whoever decides who may call: API keys then count only in a list that this owner signed,
   * and the machine's operator can add no caller. Default: none.
   */
  readonly apiKeyOwner?: string | null;
  /** Issuers of JSON Web Tokens whose principals may call. Default: none. */
  readonly jwtIssuers?: readonly JwtIssuerSettings[];
  /** What each tenant may use. Default: no limit. */
  readonly limits?: LimitSettings;
  /** What the engine's prefix cache must prove, at start and on a schedule. Default: nothing is proven. */
  readonly isolation?: IsolationSettings | null;
  /**
   * What happens to invisible characters and to control tokens of chat templates in the texts of a prompt: `clean` takes
   * them out or disarms them, `refuse` refuses the request. Default: off, every byte of a prompt stays as it is.
   */
  readonly promptFilter?: 'off' | 'clean' | 'refuse';
  /** How streamed answers leave at least; a caller may ask for a stronger shape. Default: off. */
  readonly streamShape?: StreamShape;
  /** Answers that wait, sealed, for callers whose connection broke. Default: none are kept. */
  readonly resume?: ResumeSettings | null;
  /** Cache scopes that callers may choose. Default: all. */
  readonly cacheScopes?: readonly CacheScope[];
}

/** The settings with every default filled in, and the digest of the wire policy that comes with the code. */
export type EffectiveGatewayConfig = Required<GatewayConfig> & {
  readonly isolation: Required<IsolationSettings> | null;
  readonly resume: Required<ResumeSettings> | null;
  readonly concurrency: Required<ConcurrencySettings>;
  readonly version: 1;
  readonly wirePolicy: string;
};

const natural = (least: number, most: number): z.ZodType<number> => z.int().min(least).max(most);

const schema: z.ZodType<Omit<EffectiveGatewayConfig, 'version' | 'wirePolicy'>, unknown> = z.strictObject({
  upstream: z.string().max(200),
  host: z.string().min(1).max(200).default('127.0.0.1'),
  keysetSeconds: natural(600, 3600).default(3600),
  replayCapacity: natural(2, 16_777_216).default(262_144),
  operationsPort: natural(0, 65_535).nullable().default(null),
  maxBodyBytes: natural(1, 1_073_741_824).default(16_777_216),
  maxAnswerBytes: natural(1, 1_073_741_824).default(67_108_864),
  headerMilliseconds: natural(1, 60_000).default(2_000),
  bodyMilliseconds: natural(1, 3_600_000).default(60_000),
  engineMilliseconds: natural(1, 3_600_000).default(300_000),
  connectMilliseconds: natural(1, 60_000).default(5_000),
  firstByteMilliseconds: natural(1, 3_600_000).default(120_000),
  answerMilliseconds: natural(1, 86_400_000).default(3_600_000),
  concurrency: concurrencySchema.prefault({}),
  apiKeyOwner: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable()
    .default(null),
  jwtIssuers: z.array(jwtIssuerSchema).max(16).default([]),
  limits: z
    .strictObject({
      requestsPerMinute: natural(1, 1_000_000).exactOptional(),
      tokensPerMinute: natural(1, 1_000_000_000).exactOptional(),
      concurrentRequests: natural(1, 100_000).exactOptional(),
    })
    .default({}),
  isolation: isolationSchema.nullable().default(null),
  promptFilter: z.enum(['off', 'clean', 'refuse']).default('off'),
  streamShape: z.enum(STREAM_SHAPES).default('off'),
  resume: resumeSchema.nullable().default(null),
  cacheScopes: z
    .array(z.enum(CACHE_SCOPES))
    .min(1)
    .max(5)
    .default([...CACHE_SCOPES]),
});

/**
 * Reads settings strictly and fills in the defaults.
 * @throws ERR_GATEWAY_CONFIG_INVALID with the first wrong setting as subject, ERR_GATEWAY_UPSTREAM_NOT_LOOPBACK
 */
export function parseGatewayConfig(value: unknown): EffectiveGatewayConfig {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw gatewayError('ERR_GATEWAY_CONFIG_INVALID', wrongSetting(parsed.error));
  const cacheScopes = CACHE_SCOPES.filter((scope) => parsed.data.cacheScopes.includes(scope));
  const upstream = parseUpstream(parsed.data.upstream).origin;
  return { ...parsed.data, version: 1, upstream, cacheScopes, wirePolicy: toHex(wirePolicyDigest()) };
}

/** SHA-256 of the canonical JSON (RFC 8785) of the effective settings: 32 bytes, `deployment` of DESIGN 6.1. */
export function deploymentDigest(config: EffectiveGatewayConfig): Uint8Array {
  return sha256(canonicalJson(config));
}

/** Only names that the schema declares are repeated; names the file invented are not. */
function wrongSetting(error: z.ZodError): { readonly subject?: string } {
  const name = error.issues[0]?.path[0];
  return typeof name === 'string' ? { subject: name } : {};
}
