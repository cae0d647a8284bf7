import type { ServiceClient } from './service-client.ts';

/** What an answer says about itself once it has been checked. */
export interface OpenedCollateral<Value> {
  readonly value: Value;
  /** When the vendor made it, ms since the epoch: of two answers the later one counts. */
  readonly issuedAt: number;
  /** The last moment at which it may be used, ms since the epoch. */
  readonly validUntil: number;
}

/** When an answer is judged, ms since the epoch. */
export interface CollateralTimes {
  readonly now: number;
  readonly fetchedAt: number;
}

/** One thing that can be fetched, kept and checked. */
export interface CollateralKind<Value> {
  /** Names the service, the subject and all else that the answer depends on: no two kinds share a key. */
  readonly key: string;
  /** Asks the service. */
  fetch(ask: ServiceClient): Promise<Uint8Array>;
  /**
   * Checks that bytes are an answer to this very question, and reads them. Runs after fetching and again after reading from
   * a cache or a bundle: what was kept is believed no more than what was sent.
   */
  open(bytes: Uint8Array, times: CollateralTimes): Promise<OpenedCollateral<Value>>;
}

/** How long an answer without dates of its own may be kept, ms. */
export const UNDATED_LIFETIME = 86_400_000;
