import type { CheckList } from '../check.ts';
import type { TrustRoots } from '../trust-roots.ts';
import { createVerificationCache, type VerificationCache } from '../verification-cache.ts';

/** What the steps of one verification share. */
export interface TdxContext {
  readonly list: CheckList;
  /** Verification time, ms since the epoch. */
  readonly now: number;
  readonly roots: TrustRoots;
  /**
   * `strict` also judges revocation, the TCB and the guest's attributes; `cryptography` judges structure, signatures,
   * chains and validity, revocation only where lists are given, and reports the rest.
   */
  readonly mode: 'strict' | 'cryptography';
  /** Last valid moments of everything that was relied on, ms since the epoch. */
  readonly expiries: number[];
  /** What has been worked out about texts that come again. */
  readonly cache: VerificationCache;
}

/** The state of a new verification. */
export function createTdxContext({
  cache = createVerificationCache(),
  ...given
}: Omit<TdxContext, 'expiries' | 'cache'> & { readonly cache?: VerificationCache | undefined }): TdxContext {
  return { ...given, cache, expiries: [] };
}

/** Runs a judging check, or notes that this mode only reports. Returns whether it holds or does not matter. */
export function judge(
  context: TdxContext,
  id: Parameters<CheckList['require']>[0],
  holds: boolean,
  code: Parameters<CheckList['require']>[2],
): boolean {
  if (context.mode === 'strict') return context.list.require(id, holds, code);
  context.list.skip(id, 'Reported only: this verification judges cryptography, not policy.');
  return true;
}
