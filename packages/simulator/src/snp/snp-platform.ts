import { sha256, utf8 } from '@cloister/core';
import type { AmdLine, SnpTcb } from '@cloister/evidence/snp';

/** What tells the lines apart. */
interface LineFacts {
  /** Combined family, model and stepping. */
  readonly cpuid: readonly [family: number, model: number, stepping: number];
  /** As certificates name it. */
  readonly product: string;
  /** Bytes of a chip id. */
  readonly chipIdLength: 64 | 8;
  /** Where each part of a TCB version stands. */
  readonly tcbLayout: readonly (keyof SnpTcb | undefined)[];
}

const FOUR_PARTS = ['bootloader', 'tee', undefined, undefined, undefined, undefined, 'snp', 'microcode'] as const;

/** The simulated lines. */
export const LINES: Readonly<Record<AmdLine, LineFacts>> = {
  Milan: { cpuid: [0x19, 0x01, 0x01], product: 'Milan-B0', chipIdLength: 64, tcbLayout: FOUR_PARTS },
  Genoa: { cpuid: [0x19, 0xa0, 0x02], product: 'Genoa', chipIdLength: 64, tcbLayout: FOUR_PARTS },
  Turin: {
    cpuid: [0x1a, 0x02, 0x01],
    product: 'Turin-C1',
    chipIdLength: 8,
    tcbLayout: ['fmc', 'bootloader', 'tee', 'snp', undefined, undefined, undefined, 'microcode'],
  },
};

/** The TCB of a simulated platform. */
export function createTcb(line: AmdLine): SnpTcb {
  const tcb = { bootloader: 10, tee: 1, snp: 27, microcode: 82 };
  return line === 'Turin' ? { fmc: 1, ...tcb } : tcb;
}

/** One step back in its microcode. */
export function lowerTcb(tcb: SnpTcb): SnpTcb {
  return { ...tcb, microcode: tcb.microcode - 1 };
}

/** TCB_VERSION of a line, 8 bytes. */
export function encodeTcb(tcb: SnpTcb, line: AmdLine): Uint8Array {
  return Uint8Array.from(LINES[line].tcbLayout, (part) => (part === undefined ? 0 : (tcb[part] ?? 0)));
}

/** The id of a simulated chip, and of another one. */
export function createChipId(line: AmdLine, which: 'own' | 'other'): Uint8Array {
  const digest = sha256(utf8(`cloister simulated chip ${which}`));
  return Uint8Array.from({ length: LINES[line].chipIdLength }, (_, index) => digest[index % 32] ?? 0);
}
