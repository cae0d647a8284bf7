import type { SnpReport } from './report-types.ts';
import { judge, judgeDemand, type SnpContext } from './snp-context.ts';
import { GUEST_POLICY_BITS, PLATFORM_BITS, type SnpPolicy } from './snp-policy.ts';

const MIGRATE_MA = 18n;
const DEBUG = 19n;
const KNOWN_PLATFORM = Object.values<bigint>(PLATFORM_BITS).reduce((known, bit) => known | (1n << bit), 0n);

function isSet(word: bigint, bit: bigint): boolean {
  return ((word >> bit) & 1n) === 1n;
}

function agrees<Name extends string>(
  word: bigint,
  bits: Readonly<Record<Name, bigint>>,
  wanted: Readonly<Partial<Record<Name, boolean>>>,
): boolean {
  return (Object.keys(wanted) as Name[]).every((name) => isSet(word, bits[name]) === wanted[name]);
}

function demandsAbi(policy: bigint, { major, minor }: { readonly major: number; readonly minor: number }): boolean {
  return Number(policy & 0xffffn) >= major * 256 + minor;
}

/**
 * Checks `guest.*` and `platform.*`: no debugging, no migration agent, privilege level 0 unless the policy says otherwise, no
 * platform bit of unknown meaning; and the bits and versions that the policy demands.
 */
export function checkGuest(context: SnpContext, report: SnpReport, demands: Partial<SnpPolicy>): void {
  const { policy, platformInfo, vmpl, guestSvn } = report;
  judge(context, 'guest.debug', !isSet(policy, DEBUG), 'ERR_EVIDENCE_SNP_DEBUG');
  judge(context, 'guest.migration', !isSet(policy, MIGRATE_MA), 'ERR_EVIDENCE_SNP_MIGRATION');
  judgeDemand(context, 'guest.abi', 'ERR_EVIDENCE_SNP_ABI_TOO_OLD', demands.minimumAbi, (floor) =>
    demandsAbi(policy, floor),
  );
  judgeDemand(context, 'guest.policy', 'ERR_EVIDENCE_SNP_POLICY', demands.guestPolicy, (wanted) =>
    agrees(policy, GUEST_POLICY_BITS, wanted),
  );
  judge(context, 'guest.vmpl', (demands.vmpls ?? [0]).includes(vmpl), 'ERR_EVIDENCE_SNP_VMPL');
  judgeDemand(
    context,
    'guest.svn',
    'ERR_EVIDENCE_SNP_GUEST_SVN_TOO_OLD',
    demands.minimumGuestSvn,
    (floor) => guestSvn >= floor,
  );
  judge(context, 'platform.reserved', (platformInfo & ~KNOWN_PLATFORM) === 0n, 'ERR_EVIDENCE_SNP_PLATFORM_RESERVED');
  judgeDemand(context, 'platform.info', 'ERR_EVIDENCE_SNP_PLATFORM', demands.platform, (wanted) =>
    agrees(platformInfo, PLATFORM_BITS, wanted),
  );
}
