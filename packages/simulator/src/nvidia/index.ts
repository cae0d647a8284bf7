export { createSimulatedGpus, type SimulatedGpus, type SimulatedGpusOptions } from './create-simulated-gpus.ts';
export { GPU_FAULTS, type GpuFault } from './gpu-faults.ts';
