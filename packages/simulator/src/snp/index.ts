export { createSimulatedSnp, type SimulatedSnp, type SimulatedSnpOptions } from './create-simulated-snp.ts';
export { SNP_FAULTS, type SnpFault } from './snp-faults.ts';
