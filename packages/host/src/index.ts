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
export type { Destination, Resolver } from './egress/allow-list.ts';
export { type EgressOptions, type EgressReport, guardEgress } from './egress/guard-egress.ts';
export type { RefusalListener } from './egress/guard-sockets.ts';
export { hardenProcess, type HardeningOptions, type HardeningReport } from './harden/harden-process.ts';
export { type HardeningFinding, inspectProcess, type ProcessFacts } from './harden/inspect-process.ts';
export { createScratchSpace, type ScratchOptions, type ScratchSpace } from './scratch/create-scratch-space.ts';
export type { ScratchFile } from './scratch/scratch-file.ts';
