import type { TdxCollateral } from '@cloister/core';
import { checkRevocation, checkRevocationLists } from './check-revocation.ts';
import type { PckChain } from './check-pck-chain.ts';
import { checkSignedDocument } from './check-signed-document.ts';
import type { QeIdentity, TcbInfo } from './collateral-schemas.ts';
import { parseQeIdentity, parseTcbInfo, parseTdxCollateral } from './parse-tdx-collateral.ts';
import type { TdxContext } from './tdx-context.ts';

/** The documents of the collateral that passed their checks. */
export interface CheckedCollateral {
  readonly tcbInfo: TcbInfo | undefined;
  readonly qeIdentity: QeIdentity | undefined;
}

const NONE: CheckedCollateral = { tcbInfo: undefined, qeIdentity: undefined };

function parseGiven({ list, mode }: TdxContext, collateral: TdxCollateral | undefined): TdxCollateral | undefined {
  if (collateral !== undefined) {
    return list.attempt('collateral.format', 'ERR_EVIDENCE_COLLATERAL_MALFORMED', () => parseTdxCollateral(collateral));
  }
  if (mode === 'strict') list.require('collateral.format', false, 'ERR_EVIDENCE_COLLATERAL_MISSING');
  else list.skip('collateral.format', 'No collateral was given, and this verification does not require it.');
  return undefined;
}

/**
 * Checks `collateral.*`, `crl.*`, `tcb-info.*` and `qe-identity.*`. Without a platform chain only the form is checked:
 * collateral means nothing before its root is established.
 * @param options.minimumEvaluationNumber floor of tcbEvaluationDataNumber; without it the check is skipped
 */
export async function checkCollateral(
  context: TdxContext,
  given: TdxCollateral | undefined,
  chain: PckChain | undefined,
  options: { readonly minimumEvaluationNumber?: number | undefined } = {},
): Promise<CheckedCollateral> {
  const { list } = context;
  const collateral = parseGiven(context, given);
  if (collateral === undefined || chain === undefined) return NONE;
  const lists = await checkRevocationLists(context, collateral, chain);
  const info = await checkSignedDocument(
    context,
    {
      name: 'tcb-info',
      text: collateral.tcb_info,
      signature: collateral.tcb_info_signature,
      chain: collateral.tcb_info_issuer_chain,
      parse: parseTcbInfo,
    },
    chain.root,
  );
  const identity = await checkSignedDocument(
    context,
    {
      name: 'qe-identity',
      text: collateral.qe_identity,
      signature: collateral.qe_identity_signature,
      chain: collateral.qe_identity_issuer_chain,
      parse: parseQeIdentity,
    },
    chain.root,
  );
  checkRevocation(context, lists, chain, [info.signer, identity.signer]);
  if (info.value !== undefined) {
    const { fmspc, pceId } = chain.platform;
    list.require(
      'tcb-info.platform',
      info.value.fmspc === fmspc && info.value.pceId === pceId,
      'ERR_EVIDENCE_COLLATERAL_MISMATCH',
    );
  }
  checkEvaluationNumber(context, [info.value, identity.value], options.minimumEvaluationNumber);
  return { tcbInfo: info.value, qeIdentity: identity.value };
}

function checkEvaluationNumber(
  { list }: TdxContext,
  documents: readonly (TcbInfo | QeIdentity | undefined)[],
  floor: number | undefined,
): void {
  if (floor === undefined) {
    list.skip('collateral.evaluation-number', 'The policy sets no floor.');
    return;
  }
  const numbers = documents.map((document) => document?.tcbEvaluationDataNumber);
  list.require(
    'collateral.evaluation-number',
    numbers.every((number) => number !== undefined && number >= floor),
    'ERR_EVIDENCE_COLLATERAL_TOO_OLD',
  );
}
