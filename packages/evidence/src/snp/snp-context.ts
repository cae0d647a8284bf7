import type { CheckList } from '../check.ts';
import type { TrustRoots } from '../trust-roots.ts';

/** What the steps of one verification share. */
export interface SnpContext {
  readonly list: CheckList;
  /** Verification time, ms since the epoch. */
  readonly now: number;
  readonly roots: TrustRoots;
  /**
   * `strict` also asks for revocation lists and judges firmware, guest and platform; `cryptography` judges structure,
   * signatures, chains and validity, revocation only where lists are given, and reports the rest.
   */
  readonly mode: 'strict' | 'cryptography';
  /** Last valid moments of everything that was relied on, ms since the epoch. */
  readonly expiries: number[];
}

/** The state of a new verification. */
export function createSnpContext(given: Omit<SnpContext, 'expiries'>): SnpContext {
  return { ...given, expiries: [] };
}

type Requirement = Parameters<CheckList['require']>;

/** Notes a check that is about trust in this guest rather than about cryptography. */
export function judge({ list, mode }: SnpContext, ...[id, holds, code]: Requirement): void {
  if (mode === 'strict') list.require(id, holds, code);
  else list.skip(id, 'Reported only: this verification judges cryptography, not policy.');
}

/** As `judge`, for a demand that a policy may leave out. */
export function judgeDemand<Demand>(
  context: SnpContext,
  id: Requirement[0],
  code: Requirement[2],
  demand: Demand | undefined,
  holds: (demand: Demand) => boolean,
): void {
  if (demand === undefined) context.list.skip(id, 'The policy does not ask for it.');
  else judge(context, id, holds(demand), code);
}
