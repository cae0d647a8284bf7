import { fromHex, toHex } from '@cloister/core';
import type { CheckedCollateral } from './check-collateral.ts';
import type { PckChain } from './check-pck-chain.ts';
import type { EnclaveTcbLevel, PlatformTcbLevel, TcbInfo, TdxModuleIdentity } from './collateral-schemas.ts';
import type { PckExtension } from './parse-pck-extension.ts';
import type { TdReport, TdxQuote } from './quote-types.ts';
import { convergeTcbStatus, type TcbStatus } from './tcb-status.ts';
import { judge, type TdxContext } from './tdx-context.ts';

/** What the vendor says about a platform's trusted computing base. */
export interface TcbAssessment {
  /** Platform, module and quoting enclave together; `undefined` when the vendor knows no such platform. */
  readonly status: TcbStatus | undefined;
  /** Advisory ids of all three, sorted. */
  readonly advisories: readonly string[];
}

type Level = Pick<PlatformTcbLevel, 'tcbStatus' | 'advisoryIDs'>;

function reaches(have: ArrayLike<number>, want: readonly { readonly svn: number }[], from: number): boolean {
  return want.every(({ svn }, index) => index < from || (have[index] ?? -1) >= svn);
}

/** The first level that the platform reaches. From TDX module version 1 on, the module's SVN is judged by its own identity. */
function findPlatformLevel(info: TcbInfo, platform: PckExtension, report: TdReport): Level | undefined {
  const firstComponent = (report.teeTcbSvn[1] ?? 0) > 0 ? 2 : 0;
  return info.tcbLevels.find(
    ({ tcb }) =>
      reaches(platform.components, tcb.sgxtcbcomponents, 0) &&
      platform.pceSvn >= tcb.pcesvn &&
      reaches(report.teeTcbSvn, tcb.tdxtcbcomponents, firstComponent),
  );
}

function findEnclaveLevel(levels: readonly EnclaveTcbLevel[], svn: number): Level | undefined {
  return levels.find(({ tcb }) => svn >= tcb.isvsvn);
}

function matchesModule(report: TdReport, module: Omit<TdxModuleIdentity, 'id' | 'tcbLevels'>): boolean {
  const mask = fromHex(module.attributesMask);
  const wanted = fromHex(module.attributes);
  const attributes = report.seamAttributes.every(
    (byte, index) => (byte & (mask[index] ?? 0xff)) === ((wanted[index] ?? 0) & (mask[index] ?? 0xff)),
  );
  return attributes && toHex(report.mrSignerSeam) === module.mrsigner;
}

/** Checks `tcb.module`. Module version 0 has no levels of its own: the platform's level covers it. */
function checkModule(context: TdxContext, info: TcbInfo, report: TdReport): Level | 'none' | undefined {
  const [svn = 0, version = 0] = report.teeTcbSvn;
  if (version === 0) {
    context.list.require('tcb.module', matchesModule(report, info.tdxModule), 'ERR_EVIDENCE_MODULE_MISMATCH');
    return 'none';
  }
  const id = `TDX_${version.toString(16).toUpperCase().padStart(2, '0')}`;
  const identity = info.tdxModuleIdentities?.find((candidate) => candidate.id === id);
  const level = identity && findEnclaveLevel(identity.tcbLevels, svn);
  if (!judge(context, 'tcb.module', level !== undefined, 'ERR_EVIDENCE_TCB_UNKNOWN') || identity === undefined)
    return undefined;
  context.list.require('tcb.module', matchesModule(report, identity), 'ERR_EVIDENCE_MODULE_MISMATCH');
  return level;
}

/**
 * Checks `tcb.*`: the levels of platform, TDX module and quoting enclave, converged into one status (Intel PCS API version
 * 4, TCB recovery), and whether it is accepted.
 * @param accepted statuses to accept
 */
export function checkTcb(
  context: TdxContext,
  quote: TdxQuote,
  chain: PckChain | undefined,
  { tcbInfo, qeIdentity }: CheckedCollateral,
  accepted: readonly TcbStatus[],
): TcbAssessment {
  if (chain === undefined || tcbInfo === undefined || qeIdentity === undefined) {
    judge(context, 'tcb.status', false, 'ERR_EVIDENCE_TCB_UNKNOWN');
    return { status: undefined, advisories: [] };
  }
  const platform = findPlatformLevel(tcbInfo, chain.platform, quote.report);
  judge(context, 'tcb.platform', platform !== undefined, 'ERR_EVIDENCE_TCB_UNKNOWN');
  const module = checkModule(context, tcbInfo, quote.report);
  const enclave = findEnclaveLevel(qeIdentity.tcbLevels, quote.qeReport.isvSvn);
  judge(context, 'tcb.qe', enclave !== undefined, 'ERR_EVIDENCE_TCB_UNKNOWN');
  const levels = [platform, ...(module === 'none' ? [] : [module]), enclave];
  const advisories = [...new Set(levels.flatMap((level) => level?.advisoryIDs ?? []))].toSorted();
  const status = levels.every((level) => level !== undefined)
    ? levels.map(({ tcbStatus }) => tcbStatus).reduce(convergeTcbStatus)
    : undefined;
  const code = status === undefined ? 'ERR_EVIDENCE_TCB_UNKNOWN' : 'ERR_EVIDENCE_TCB_NOT_ACCEPTED';
  judge(context, 'tcb.status', status !== undefined && accepted.includes(status), code);
  return { status, advisories };
}
