import type { AmdLine } from '../trust-roots.ts';
import { snpError } from './errors.ts';
import type { SnpReport, SnpTcb } from './report-types.ts';

/** The parts of a TCB version by name. */
const TCB_PARTS = ['fmc', 'bootloader', 'tee', 'snp', 'microcode'] as const;

type Part = (typeof TCB_PARTS)[number];

/** Where each part stands in the 8 bytes; the other bytes are reserved (AMD SEV-SNP firmware ABI, TCB_VERSION). */
const LAYOUTS: Readonly<Record<AmdLine, readonly (Part | undefined)[]>> = {
  Milan: ['bootloader', 'tee', undefined, undefined, undefined, undefined, 'snp', 'microcode'],
  Genoa: ['bootloader', 'tee', undefined, undefined, undefined, undefined, 'snp', 'microcode'],
  Turin: ['fmc', 'bootloader', 'tee', 'snp', undefined, undefined, undefined, 'microcode'],
};

/**
 * Reads a TCB version in the layout of a line.
 * @param raw 8 bytes
 * @throws CloisterError ERR_EVIDENCE_SNP_TCB_MALFORMED when a reserved byte is not zero
 */
export function readTcb(raw: Uint8Array, line: AmdLine): SnpTcb {
  const tcb = { bootloader: 0, tee: 0, snp: 0, microcode: 0 };
  const parts: Partial<Record<Part, number>> = tcb;
  for (const [index, part] of LAYOUTS[line].entries()) {
    const svn = raw[index] ?? 0;
    if (part !== undefined) parts[part] = svn;
    else if (svn !== 0) throw snpError('ERR_EVIDENCE_SNP_TCB_MALFORMED');
  }
  return tcb;
}

/** Whether every part of `tcb` is at least as high as the floor's. */
export function reachesTcb(tcb: SnpTcb, floor: SnpTcb): boolean {
  return TCB_PARTS.every((part) => (tcb[part] ?? 0) >= (floor[part] ?? 0));
}

/** The four TCB versions of a report. */
export interface ReportTcbs {
  /** What the platform says it is; the key that signed is derived from it. */
  readonly reported: SnpTcb;
  /** What the platform cannot go back behind. */
  readonly committed: SnpTcb;
  readonly current: SnpTcb;
  /** What was current when the guest started. */
  readonly launch: SnpTcb;
}

/** Reads all four. */
export function readReportTcbs(report: SnpReport, line: AmdLine): ReportTcbs {
  return {
    reported: readTcb(report.reportedTcb, line),
    committed: readTcb(report.committedTcb, line),
    current: readTcb(report.currentTcb, line),
    launch: readTcb(report.launchTcb, line),
  };
}
