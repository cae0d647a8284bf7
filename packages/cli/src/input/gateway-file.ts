import type { GatewayConfig } from '@cloister/gateway';
import { type EvidenceConfig, evidenceConfigSchema } from '@cloister/host';
import * as z from 'zod';
import { cliError } from '../errors.ts';
import { readDocument } from './read-document.ts';

/** A gateway's configuration file. */
export interface GatewayFile {
  /** Attested; checked by the gateway itself. */
  readonly gateway: GatewayConfig;
  readonly evidence: EvidenceConfig;
  /** API keys by hash: a list with its issuer, or one that the owner signed, which names its issuer itself. */
  readonly apiKeys?: { readonly file: string; readonly issuer?: string };
  /** `redis://` or `rediss://`: Redis or Valkey for the limits that several gateways share; needs the package `ioredis`. */
  readonly limiterUrl?: string;
  /** A file with the owner's word for the deployment: `{notAfter, signature}`, the signature as base64url. */
  readonly deploymentSignature?: string;
  readonly port: number;
}

const path = z.string().min(1).max(4096);

const schema: z.ZodType<GatewayFile, unknown> = z
  .strictObject({
    gateway: z.custom<GatewayConfig>((value) => typeof value === 'object' && value !== null),
    evidence: evidenceConfigSchema,
    apiKeys: z.strictObject({ file: path, issuer: z.string().min(1).max(200).exactOptional() }).exactOptional(),
    limiterUrl: z
      .string()
      .regex(/^rediss?:\/\//)
      .max(2000)
      .exactOptional(),
    deploymentSignature: path.exactOptional(),
    port: z.int().min(0).max(65_535).default(8443),
  })
  .refine(({ apiKeys, gateway }) => apiKeys !== undefined || (gateway.jwtIssuers ?? []).length > 0, {
    path: ['apiKeys'],
  });

/**
 * Reads a gateway's configuration file, strictly.
 * @throws ERR_CLI_CONFIG_INVALID with the first wrong member as subject, and what `readDocument` throws
 */
export async function readGatewayFile(name: string): Promise<GatewayFile> {
  const { data, error } = schema.safeParse(await readDocument(name));
  if (data !== undefined) return data;
  const member = error.issues[0]?.path.join('.') ?? '';
  throw cliError('ERR_CLI_CONFIG_INVALID', member === '' ? {} : { subject: member });
}
