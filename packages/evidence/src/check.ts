import { CloisterError, isCloisterError } from '@cloister/core';
import { EVIDENCE_ERRORS, type EvidenceErrorCode } from './errors.ts';

/** Every check in the order of the list. A verdict always names all of them, also those that could not run. */
export const CHECK_IDS = [
  'cpu.tee',
  'quote.format',
  'quote.vendor',
  'pck.format',
  'pck.root',
  'pck.chain',
  'pck.validity',
  'pck.extension',
  'collateral.format',
  'crl.root.signature',
  'crl.root.validity',
  'crl.pck.issuer',
  'crl.pck.signature',
  'crl.pck.validity',
  'crl.revocation',
  'tcb-info.chain',
  'tcb-info.signature',
  'tcb-info.format',
  'tcb-info.validity',
  'tcb-info.platform',
  'qe-identity.chain',
  'qe-identity.signature',
  'qe-identity.format',
  'qe-identity.validity',
  'collateral.evaluation-number',
  'qe.signature',
  'qe.debug',
  'qe.identity',
  'attestation-key.binding',
  'quote.signature',
  'tcb.platform',
  'tcb.module',
  'tcb.qe',
  'tcb.status',
  'td.debug',
  'td.attributes',
  'td.xfam',
  'td.service',
  'binding.nonce',
  'binding.nonce-path',
  'binding.report-data',
  'keyset.format',
  'keyset.validity',
  'pin.deployment',
  'pin.mrSeam',
  'pin.mrTd',
  'pin.rtmr0',
  'pin.rtmr1',
  'pin.rtmr2',
  'pin.rtmr3',
  'pin.mrConfigId',
  'pin.mrOwner',
  'pin.mrOwnerConfig',
  'event-log.replay',
  'gpu.evidence',
] as const;

/** The name of a check. */
export type CheckId = (typeof CHECK_IDS)[number];

/** One line of a verdict. */
export interface Check {
  readonly id: CheckId;
  readonly result: 'pass' | 'fail' | 'skip';
  /** Why it failed or did not run: a static sentence. */
  readonly reason?: string;
  /** The code of a failure. */
  readonly code?: EvidenceErrorCode;
}

/** Collects checks. A check that fails once stays failed. */
export interface CheckList {
  /** Notes whether `holds`; returns it. */
  require(id: CheckId, holds: boolean, code: EvidenceErrorCode): boolean;
  /** Notes that a check does not apply here. */
  skip(id: CheckId, reason: string): void;
  /** Runs `work`; an error of this package fails the check with its code, any other error with `code`. */
  attempt<Value>(id: CheckId, code: EvidenceErrorCode, work: () => Value): Value | undefined;
  /** All checks in the order of `ids`. */
  entries(ids?: readonly CheckId[]): readonly Check[];
  /** The first failure in that order. */
  failure(): Check | undefined;
}

/** An error that carries the whole list of checks, for reports and for the doctor. */
export class AppraisalError extends CloisterError<EvidenceErrorCode> {
  /** Every check, also those that passed. */
  readonly checks: readonly Check[];

  /** @param failure the check that decided; @param checks the whole list */
  constructor(failure: Check, checks: readonly Check[]) {
    const code = failure.code ?? 'ERR_EVIDENCE_NOT_VERIFIED';
    super(code, EVIDENCE_ERRORS[code], { subject: failure.id });
    this.checks = checks;
  }
}

const BLOCKED = 'An earlier check failed, so this one had nothing to work on.';

/** A new list with no results. */
export function createCheckList(): CheckList {
  const results = new Map<CheckId, Check>();
  const note = (check: Check): void => {
    if (results.get(check.id)?.result !== 'fail') results.set(check.id, Object.freeze(check));
  };
  const fail = (id: CheckId, code: EvidenceErrorCode): void =>
    note({ id, result: 'fail', reason: EVIDENCE_ERRORS[code].message, code });
  const entries = (ids: readonly CheckId[] = CHECK_IDS): readonly Check[] =>
    ids.map((id) => results.get(id) ?? Object.freeze({ id, result: 'skip', reason: BLOCKED }));
  return {
    require(id, holds, code) {
      if (holds) note({ id, result: 'pass' });
      else fail(id, code);
      return holds;
    },
    skip: (id, reason) => note({ id, result: 'skip', reason }),
    attempt(id, code, work) {
      try {
        const value = work();
        note({ id, result: 'pass' });
        return value;
      } catch (error) {
        fail(id, isCloisterError(error) && error.code in EVIDENCE_ERRORS ? (error.code as EvidenceErrorCode) : code);
        return undefined;
      }
    },
    entries,
    failure: () => entries().find((check) => check.result === 'fail'),
  };
}

/**
 * The checks `ids` of a list on which nothing failed.
 * @param options.complete also refuse a check that should have run but did not: a gap in the code must not pass for a skip
 * @throws AppraisalError with the whole list
 */
export function assertChecks(
  list: CheckList,
  options: { readonly complete: boolean; readonly ids?: readonly CheckId[] },
): readonly Check[] {
  const entries = list.entries(options.ids);
  const gap = options.complete ? entries.find(({ reason }) => reason === BLOCKED) : undefined;
  const failure = list.failure() ?? gap;
  if (failure !== undefined) throw new AppraisalError(failure, entries);
  return Object.freeze(entries);
}
