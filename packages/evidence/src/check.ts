import { CloisterError, type ErrorDescription, isCloisterError } from '@cloister/core';
import type { CheckId, EvidenceErrorCode } from './codes.ts';

/** What a list of checks is made of: the checks in their order and the texts of the codes they fail with. */
export interface CheckCatalogue {
  readonly ids: readonly CheckId[];
  readonly errors: Readonly<Partial<Record<EvidenceErrorCode, ErrorDescription>>>;
}

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
  /** All checks of the catalogue in its order. */
  entries(): readonly Check[];
  /** The texts of a code. */
  describe(code: EvidenceErrorCode): ErrorDescription;
}

/** An error that carries the whole list of checks, for reports and for the doctor. */
export class AppraisalError extends CloisterError<EvidenceErrorCode> {
  /** Every check, also those that passed. */
  readonly checks: readonly Check[];

  /** @param failure the check that decided and its code's texts; @param checks the whole list */
  constructor(
    failure: { readonly id: CheckId; readonly code: EvidenceErrorCode; readonly description: ErrorDescription },
    checks: readonly Check[],
  ) {
    super(failure.code, failure.description, { subject: failure.id });
    this.checks = checks;
  }
}

const BLOCKED = 'An earlier check failed, so this one had nothing to work on.';

/** A new list without results. Checks and codes outside the catalogue are refused: they would vanish from the verdict. */
export function createCheckList({ ids, errors }: CheckCatalogue): CheckList {
  const results = new Map<CheckId, Check>();
  const known = new Set(ids);
  const describe = (code: EvidenceErrorCode): ErrorDescription => {
    const description = errors[code];
    if (description === undefined) throw new TypeError(`${code} is not in this catalogue`);
    return description;
  };
  const note = (check: Check): void => {
    if (!known.has(check.id)) throw new TypeError(`${check.id} is not in this catalogue`);
    if (results.get(check.id)?.result !== 'fail') results.set(check.id, Object.freeze(check));
  };
  const fail = (id: CheckId, code: EvidenceErrorCode): void =>
    note({ id, result: 'fail', reason: describe(code).message, code });
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
        fail(id, isCloisterError(error) && error.code in errors ? (error.code as EvidenceErrorCode) : code);
        return undefined;
      }
    },
    entries: () => ids.map((id) => results.get(id) ?? Object.freeze({ id, result: 'skip', reason: BLOCKED })),
    describe,
  };
}

/**
 * The checks of a list on which nothing failed.
 * @param options.complete also refuse a check that should have run but did not: a gap in the code must not pass for a skip
 * @throws AppraisalError with the whole list
 */
export function assertChecks(list: CheckList, options: { readonly complete: boolean }): readonly Check[] {
  const entries = list.entries();
  const gap = options.complete ? entries.find(({ reason }) => reason === BLOCKED) : undefined;
  const decisive = entries.find(({ result }) => result === 'fail') ?? gap;
  if (decisive === undefined) return Object.freeze(entries);
  const code = decisive.code ?? 'ERR_EVIDENCE_CHECK_MISSING';
  throw new AppraisalError({ id: decisive.id, code, description: list.describe(code) }, entries);
}
