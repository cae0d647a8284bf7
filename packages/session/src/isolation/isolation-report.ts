import type { SessionErrorCode } from '../errors.ts';

/** Why isolation is not proven. */
export type IsolationCode = Extract<SessionErrorCode, `ERR_SESSION_ISOLATION_${string}`>;

/** What is asked, in this order: the first caller, another one with the same salt, the first again, a new epoch. */
export const ISOLATION_ARMS = ['cold', 'other', 'warm', 'epoch'] as const;

/** One of `ISOLATION_ARMS`. */
export type IsolationArmName = (typeof ISOLATION_ARMS)[number];

/** What one request showed. */
export interface IsolationArm {
  readonly arm: IsolationArmName;
  readonly promptTokens: number;
  /** Prompt tokens read from the cache; absent when the engine does not say. */
  readonly cachedTokens?: number;
  /** Boot id of the engine that answered; absent when nobody says. */
  readonly engine?: string;
  readonly milliseconds: number;
}

/** The outcome of a proof, as data: nothing of the probe text and no salt is in it. */
export interface IsolationReport {
  /**
   * `isolated`: another principal with the same salt found nothing. `salt-honoured`: only that salts separate was asked,
   * for want of a second principal. `failed`: `code` says why. `inconclusive`: nothing was learnt, ask again.
   */
  readonly verdict: 'isolated' | 'salt-honoured' | 'failed' | 'inconclusive';
  readonly code?: IsolationCode;
  /** The HTTP status of a probe that was refused. */
  readonly status?: number;
  readonly model: string;
  /** Milliseconds since the epoch when the proof began. */
  readonly at: number;
  readonly milliseconds: number;
  /** The boot id that all arms reported. */
  readonly engine?: string;
  /** Those that were answered. */
  readonly arms: readonly IsolationArm[];
}
