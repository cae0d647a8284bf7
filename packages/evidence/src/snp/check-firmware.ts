import type { AmdLine } from '../trust-roots.ts';
import type { FirmwareVersion, SnpReport } from './report-types.ts';
import { judge, judgeDemand, type SnpContext } from './snp-context.ts';
import type { SnpPolicy, SnpTcbFloors } from './snp-policy.ts';
import { reachesTcb, type ReportTcbs } from './snp-tcb.ts';

function rank({ major, minor, build }: FirmwareVersion): number {
  return (major * 256 + minor) * 256 + build;
}

function hasBits(vector: bigint | undefined, mask = '0'): boolean {
  const wanted = BigInt(`0x${mask}`);
  return vector !== undefined && (vector & wanted) === wanted;
}

function meets(tcb: ReportTcbs['reported'], floors: SnpTcbFloors, line: AmdLine): boolean {
  const floor = floors[line];
  return floor !== undefined && reachesTcb(tcb, floor);
}

/**
 * Checks `firmware.*`: reported, committed and current TCB in this order part by part; the committed firmware no newer than
 * the current; and what the policy demands of versions and mitigations.
 */
export function checkFirmware(
  context: SnpContext,
  report: SnpReport,
  { line, tcbs }: { readonly line: AmdLine; readonly tcbs: ReportTcbs },
  policy: Partial<SnpPolicy>,
): void {
  const { reported, committed, current, launch } = tcbs;
  const { currentVersion, committedVersion, mitigations } = report;
  const ahead = rank(currentVersion) - rank(committedVersion);
  const isOrdered = reachesTcb(current, committed) && reachesTcb(committed, reported) && ahead >= 0;
  judge(context, 'firmware.order', isOrdered, 'ERR_EVIDENCE_SNP_TCB_ORDER');
  const isCommitted = reachesTcb(committed, current) && ahead <= 0;
  judgeDemand(
    context,
    'firmware.committed',
    'ERR_EVIDENCE_SNP_PROVISIONAL',
    policy.committedFirmware,
    () => isCommitted,
  );
  judgeDemand(context, 'firmware.reported-floor', 'ERR_EVIDENCE_SNP_TCB_TOO_OLD', policy.minimumTcb, (floors) =>
    meets(reported, floors, line),
  );
  judgeDemand(
    context,
    'firmware.launch-floor',
    'ERR_EVIDENCE_SNP_LAUNCH_TCB_TOO_OLD',
    policy.minimumLaunchTcb,
    (floors) => meets(launch, floors, line),
  );
  judgeDemand(
    context,
    'firmware.version-floor',
    'ERR_EVIDENCE_SNP_FIRMWARE_TOO_OLD',
    policy.minimumFirmware,
    (floor) => rank(committedVersion) >= rank(floor),
  );
  judgeDemand(
    context,
    'firmware.mitigations',
    'ERR_EVIDENCE_SNP_MITIGATION_MISSING',
    policy.mitigations,
    (masks) => hasBits(mitigations?.launch, masks.launch) && hasBits(mitigations?.current, masks.current),
  );
}
