import { toHex } from '@cloister/core';
import type { SnpSigner } from './check-vek-chain.ts';
import type { SnpReport } from './report-types.ts';
import { judgeDemand, type SnpContext } from './snp-context.ts';
import { SNP_PINS, type SnpPin, type SnpPolicy } from './snp-policy.ts';

/** What a report and its certificate say about who signed. */
interface Signed {
  readonly report: SnpReport;
  readonly signer: SnpSigner;
  readonly chipId: string | undefined;
  readonly providerId: string | undefined;
}

/** Checks `allow.*` and `pin.*`: who signed, on which chip, and what runs. An author key counts only when it was in use. */
export function checkSnpPolicy(
  context: SnpContext,
  { report, signer, chipId, providerId }: Signed,
  policy: Partial<SnpPolicy>,
): void {
  const { signers, providers, chipIds, workload = {} } = policy;
  const isSigner = (signers ?? [signer]).includes(signer);
  const isProvider = providers === undefined || (providerId !== undefined && providers.includes(providerId));
  judgeDemand(
    context,
    'allow.signer',
    'ERR_EVIDENCE_SNP_SIGNER_NOT_ACCEPTED',
    signers ?? providers,
    () => isSigner && isProvider,
  );
  judgeDemand(
    context,
    'allow.chip',
    'ERR_EVIDENCE_SNP_CHIP_NOT_ACCEPTED',
    chipIds,
    (ids) => chipId !== undefined && ids.includes(chipId),
  );
  for (const pin of Object.keys(SNP_PINS) as SnpPin[]) {
    const isUsed = pin !== 'authorKeyDigest' || report.authorKeyEnabled;
    judgeDemand(
      context,
      `pin.${pin}`,
      'ERR_EVIDENCE_MEASUREMENT_MISMATCH',
      workload[pin],
      (values) => isUsed && [values].flat().includes(toHex(report[pin])),
    );
  }
}
