import type { CheckedCollateral } from './check-collateral.ts';
import type { PckChain } from './check-pck-chain.ts';
import { type EnclaveTcbLevel, type QeIdentity, type TcbInfo, type TcbLevel } from './collateral-schemas.ts';
import { findModuleIdentity, matchesModule } from './match-module.ts';
import type { PckExtension } from './parse-pck-extension.ts';
import type { TdxQuote } from './quote-types.ts';
import { adviseRelaunch, convergeTcbStatus, type TcbStatus } from './tcb-status.ts';
import { judge, type TdxContext } from './tdx-context.ts';

/** What the vendor says about a platform's trusted computing base. */
export interface TcbAssessment {
  /** Platform, module and quoting enclave together; `undefined` when the vendor knows no such platform. */
  readonly status: TcbStatus | undefined;
  /** Advisory ids of all three, sorted. */
  readonly advisories: readonly string[];
  /** The earliest date of the three levels, ms since the epoch. */
  readonly date: number | undefined;
}

const UNKNOWN: TcbAssessment = { status: undefined, advisories: [], date: undefined };

function reaches(have: ArrayLike<number>, want: readonly { readonly svn: number }[], from: number): boolean {
  return want.every(({ svn }, index) => index < from || (have[index] ?? -1) >= svn);
}

/** The first level that the platform reaches. From TDX module version 1 on, the module's SVN is judged by its own identity. */
function findPlatformLevel(info: TcbInfo, platform: PckExtension, svn: Uint8Array): TcbLevel | undefined {
  const firstComponent = (svn[1] ?? 0) > 0 ? 2 : 0;
  return info.tcbLevels.find(
    ({ tcb }) =>
      reaches(platform.components, tcb.sgxtcbcomponents, 0) &&
      platform.pceSvn >= tcb.pcesvn &&
      reaches(svn, tcb.tdxtcbcomponents, firstComponent),
  );
}

function findEnclaveLevel(levels: readonly EnclaveTcbLevel[], svn: number): TcbLevel | undefined {
  return levels.find(({ tcb }) => svn >= tcb.isvsvn);
}

/** Level of the TDX module; none for module version 0, which the platform's level covers. */
function findModuleLevel(info: TcbInfo, svn: Uint8Array): TcbLevel | 'none' | undefined {
  if ((svn[1] ?? 0) === 0) return 'none';
  const identity = findModuleIdentity(info, svn);
  return identity && findEnclaveLevel(identity.tcbLevels, svn[0] ?? 0);
}

/** The levels of one TEE_TCB_SVN and what they come to together. */
interface Levels {
  readonly platform: TcbLevel | undefined;
  readonly module: TcbLevel | 'none' | undefined;
  readonly assessment: TcbAssessment;
}

function assess(info: TcbInfo, chain: PckChain, svn: Uint8Array, enclave: TcbLevel | undefined): Levels {
  const platform = findPlatformLevel(info, chain.platform, svn);
  const module = findModuleLevel(info, svn);
  if (platform === undefined || module === undefined || enclave === undefined)
    return { platform, module, assessment: UNKNOWN };
  const levels = [platform, ...(module === 'none' ? [] : [module]), enclave];
  const assessment = {
    status: levels.map(({ tcbStatus }) => tcbStatus).reduce(convergeTcbStatus),
    advisories: [...new Set(levels.flatMap(({ advisoryIDs = [] }) => advisoryIDs))].toSorted(),
    date: Math.min(...levels.map(({ tcbDate }) => tcbDate)),
  };
  return { platform, module, assessment };
}

/**
 * Checks `tcb.platform`, `tcb.module`, `tcb.qe` and `tcb.current`: the levels of platform, TDX module and quoting enclave,
 * converged into one status (Intel PCS API version 4, TCB recovery; quote verification library). A TDX 1.5 body also says
 * what the module is now, TEE_TCB_SVN2: it has to be known too, and decides whether a new launch would mend the status.
 */
export function checkTcb(
  context: TdxContext,
  quote: TdxQuote,
  chain: PckChain | undefined,
  { tcbInfo, qeIdentity }: CheckedCollateral,
): TcbAssessment {
  if (chain === undefined || tcbInfo === undefined || qeIdentity === undefined) return UNKNOWN;
  return checkLevels(context, quote, chain, tcbInfo, qeIdentity);
}

function checkLevels(
  context: TdxContext,
  { report, qeReport }: TdxQuote,
  chain: PckChain,
  info: TcbInfo,
  identity: QeIdentity,
): TcbAssessment {
  const enclave = findEnclaveLevel(identity.tcbLevels, qeReport.isvSvn);
  const launch = assess(info, chain, report.teeTcbSvn, enclave);
  judge(context, 'tcb.platform', launch.platform !== undefined, 'ERR_EVIDENCE_TCB_UNKNOWN');
  if (judge(context, 'tcb.module', launch.module !== undefined, 'ERR_EVIDENCE_TCB_UNKNOWN') && launch.module)
    context.list.require('tcb.module', matchesModule(info, report), 'ERR_EVIDENCE_MODULE_MISMATCH');
  judge(context, 'tcb.qe', enclave !== undefined, 'ERR_EVIDENCE_TCB_UNKNOWN');
  const { teeTcbSvn2 } = report;
  if (teeTcbSvn2 === undefined) {
    context.list.skip('tcb.current', 'The quote format has no TEE_TCB_SVN2.');
    return launch.assessment;
  }
  const current = assess(info, chain, teeTcbSvn2, enclave).assessment.status;
  judge(context, 'tcb.current', current !== undefined, 'ERR_EVIDENCE_TCB_UNKNOWN');
  const { status } = launch.assessment;
  if (status === undefined || current === undefined) return UNKNOWN;
  return { ...launch.assessment, status: adviseRelaunch(status, current) };
}
