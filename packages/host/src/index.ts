export {
  type CpuEvidenceConfig,
  createEvidenceProvider,
  type EvidenceConfig,
  evidenceConfigSchema,
  type GpuEvidenceConfig,
} from './evidence/create-evidence-provider.ts';
export { cocoAgent, type CocoAgentOptions, cocoGpus } from './evidence/coco-agent.ts';
export { configfsTsm, type ConfigfsTsmOptions } from './evidence/configfs-tsm.ts';
export { dstack, type DstackOptions } from './evidence/dstack.ts';
export { gpuCommand } from './evidence/gpu-command.ts';
export { systemFiles, type TsmFiles } from './evidence/tsm-files.ts';
export type { HostErrorCode } from './errors.ts';
