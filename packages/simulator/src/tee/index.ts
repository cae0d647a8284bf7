export { createSimulatedTee, type SimulatedTee, type SimulatedTeeOptions } from './create-simulated-tee.ts';
export { TEE_FAULTS, type TeeFault } from './faults.ts';
