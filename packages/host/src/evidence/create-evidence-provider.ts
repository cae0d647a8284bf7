import { isAbsolute } from 'node:path';
import type { EvidenceProvider } from '@cloister/core';
import * as z from 'zod';
import { hostError } from '../errors.ts';
import { cocoAgent, cocoGpus } from './coco-agent.ts';
import { configfsTsm } from './configfs-tsm.ts';
import { dstack } from './dstack.ts';
import { gpuCommand, NONCE_PLACEHOLDER } from './gpu-command.ts';

/** Where CPU evidence comes from. */
export type CpuEvidenceConfig =
  | {
      readonly provider: 'configfs-tsm';
      readonly tee: 'tdx' | 'sev-snp';
      readonly root?: string | undefined;
      readonly privilegeLevel?: number | undefined;
    }
  | { readonly provider: 'coco'; readonly port?: number | undefined }
  | { readonly provider: 'dstack'; readonly socket?: string | undefined };

/** Where GPU evidence comes from. */
export type GpuEvidenceConfig =
  | { readonly provider: 'coco'; readonly port?: number | undefined }
  | { readonly provider: 'command'; readonly command: readonly [string, ...string[]] };

/** The evidence section of a configuration. Sources are named; nothing is probed for. */
export type EvidenceConfig = CpuEvidenceConfig & { readonly gpus?: GpuEvidenceConfig | undefined };

const absolute = z.string().max(4096).refine(isAbsolute);
const port = z.int().min(1).max(65_535).exactOptional();

const command: z.ZodType<readonly [string, ...string[]]> = z
  .tuple([absolute], z.string().max(4096))
  .refine((words) => words.slice(1).some((word) => word.includes(NONCE_PLACEHOLDER)));

const gpus = z
  .discriminatedUnion('provider', [
    z.strictObject({ provider: z.literal('coco'), port }),
    z.strictObject({ provider: z.literal('command'), command }),
  ])
  .exactOptional();

/** Schema of `EvidenceConfig`, for those who keep it inside a larger configuration. */
export const evidenceConfigSchema: z.ZodType<EvidenceConfig> = z.discriminatedUnion('provider', [
  z.strictObject({
    provider: z.literal('configfs-tsm'),
    tee: z.enum(['tdx', 'sev-snp']),
    root: absolute.exactOptional(),
    privilegeLevel: z.int().min(0).max(3).exactOptional(),
    gpus,
  }),
  z.strictObject({ provider: z.literal('coco'), port, gpus }),
  z.strictObject({ provider: z.literal('dstack'), socket: absolute.exactOptional(), gpus }),
]);

/**
 * The evidence provider that a configuration names. Nothing is asked before the first `collect`.
 * @throws ERR_HOST_CONFIG_INVALID with the first wrong member as subject
 */
export function createEvidenceProvider(config: EvidenceConfig): EvidenceProvider {
  const { data, error } = evidenceConfigSchema.safeParse(config);
  if (data === undefined) {
    const name = error.issues[0]?.path.join('.');
    throw hostError('ERR_HOST_CONFIG_INVALID', name === undefined || name === '' ? {} : { subject: name });
  }
  return { ...createCpuSource(data), collectGpus: createGpuSource(data.gpus) };
}

function createCpuSource(config: CpuEvidenceConfig): Pick<EvidenceProvider, 'tee' | 'collect'> {
  switch (config.provider) {
    case 'configfs-tsm':
      return configfsTsm(config);
    case 'coco':
      return cocoAgent(config);
    case 'dstack':
      return dstack(config);
  }
}

function createGpuSource(config: GpuEvidenceConfig | undefined): EvidenceProvider['collectGpus'] {
  if (config === undefined) return async () => [];
  return config.provider === 'coco' ? cocoGpus(config) : gpuCommand(config.command);
}
