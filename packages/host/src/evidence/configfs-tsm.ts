import { join } from 'node:path';
import { type CpuEvidence, type EvidenceProvider, type RandomSource, systemRandom, toHex, utf8 } from '@cloister/core';
import { hostError } from '../errors.ts';
import { assertBound, assertReportData } from './assert-bound.ts';
import { readCertificateTable } from './read-certificate-table.ts';
import { systemFiles, type TsmFiles } from './tsm-files.ts';

/** Where and how to ask the kernel (Documentation/ABI/testing/configfs-tsm-report). */
export interface ConfigfsTsmOptions {
  /** The TEE that the kernel has to name. */
  readonly tee: CpuEvidence['tee'];
  /** The report folder. Default `/sys/kernel/config/tsm/report`. */
  readonly root?: string | undefined;
  /** SEV-SNP only: the VMPL to report, 0 to 3; the kernel's default unless said. */
  readonly privilegeLevel?: number | undefined;
  readonly files?: TsmFiles;
  readonly random?: RandomSource;
}

interface Resolved extends ConfigfsTsmOptions {
  readonly root: string;
  readonly files: TsmFiles;
  readonly random: RandomSource;
}

const DRIVERS = { tdx: 'tdx_guest', 'sev-snp': 'sev_guest' } as const;
/** How often a report is tried again that somebody else changed meanwhile. */
const ATTEMPTS = 3;

/**
 * CPU evidence from the kernel. Every call makes an entry of its own, checks by the generation counter that nobody else
 * wrote to it, and removes it.
 * @throws from `collect`: ERR_HOST_EVIDENCE_UNAVAILABLE, _REFUSED, _MALFORMED, _UNBOUND, _CONFLICT, ERR_HOST_TEE_MISMATCH
 */
export function configfsTsm(options: ConfigfsTsmOptions): Pick<EvidenceProvider, 'tee' | 'collect'> {
  const resolved: Resolved = {
    files: systemFiles,
    random: systemRandom,
    ...options,
    root: options.root ?? '/sys/kernel/config/tsm/report',
  };
  return {
    tee: resolved.tee,
    async collect(reportData) {
      assertReportData(reportData);
      const entry = join(resolved.root, `cloister-${toHex(resolved.random(8))}`);
      await reach(resolved.files.mkdir(entry));
      try {
        return assertBound(await report(resolved, entry, reportData), reportData);
      } finally {
        // An entry that stays behind holds nothing secret; the evidence is what matters here.
        await resolved.files.rmdir(entry).catch(() => undefined);
      }
    },
  };
}

async function report(options: Resolved, entry: string, reportData: Uint8Array): Promise<CpuEvidence> {
  const { files, tee } = options;
  const driver = await readText(files, join(entry, 'provider'));
  if (driver !== DRIVERS[tee]) throw hostError('ERR_HOST_TEE_MISMATCH');
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const evidence = await attemptReport(options, entry, reportData);
    if (evidence !== undefined) return evidence;
  }
  throw hostError('ERR_HOST_EVIDENCE_CONFLICT');
}

/** One report; `undefined` when somebody else wrote to the entry meanwhile. */
async function attemptReport(
  { files, tee, privilegeLevel }: Resolved,
  entry: string,
  reportData: Uint8Array,
): Promise<CpuEvidence | undefined> {
  const settings: readonly (readonly [string, Uint8Array])[] = [
    ...(privilegeLevel === undefined ? [] : [['privlevel', utf8(String(privilegeLevel))] as const]),
    ['inblob', reportData],
  ];
  const before = await readGeneration(files, entry);
  try {
    for (const [name, value] of settings) await files.write(join(entry, name), value);
    const blob = await files.read(join(entry, 'outblob'));
    const auxiliary = tee === 'sev-snp' ? await files.read(join(entry, 'auxblob')) : undefined;
    if ((await readGeneration(files, entry)) !== before + settings.length) return undefined;
    if (auxiliary === undefined) return { tee: 'tdx', quote: blob };
    return { tee: 'sev-snp', report: blob, ...readCertificateTable(auxiliary) };
  } catch (error) {
    if (isBusy(error)) return undefined;
    throw refuse(error);
  }
}

async function readGeneration(files: TsmFiles, entry: string): Promise<number> {
  const text = await readText(files, join(entry, 'generation'));
  if (!/^\d{1,15}$/.test(text)) throw hostError('ERR_HOST_EVIDENCE_MALFORMED', { subject: 'generation' });
  return Number(text);
}

async function readText(files: TsmFiles, path: string): Promise<string> {
  return Buffer.from(await reach(files.read(path)))
    .toString('latin1')
    .trim();
}

async function reach<Value>(work: Promise<Value>): Promise<Value> {
  return work.catch((error: unknown) => {
    throw hostError('ERR_HOST_EVIDENCE_UNAVAILABLE', { cause: error });
  });
}

function isBusy(error: unknown): boolean {
  return ['EAGAIN', 'EBUSY', 'EINTR'].includes(String((error as { code?: unknown }).code));
}

function refuse(error: unknown): unknown {
  const isSystemError = typeof (error as { syscall?: unknown }).syscall === 'string';
  return isSystemError ? hostError('ERR_HOST_EVIDENCE_REFUSED', { cause: error }) : error;
}
