import process from 'node:process';
import { hardenProcess, type HardeningReport } from './harden-process.ts';

export type { HardeningReport } from './harden-process.ts';
export type { HardeningFinding } from './inspect-process.ts';

/**
 * Importing this module hardens the process for the strictest class of data, before anything that is imported after it.
 * What is found and not refused is warned about through `process.emitWarning`.
 */
export const hardening: HardeningReport = hardenProcess();

for (const { id, subject } of hardening.warnings) {
  process.emitWarning(`cloister: ${id}: ${subject}`, { code: 'CLOISTER_HARDEN' });
}
