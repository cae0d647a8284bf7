import { lengthPrefixed, type PrincipalClaims, sha256, toHex } from '@cloister/core';
import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import { gatewayError } from '../errors.ts';
import type { LimiterStore } from './limiter-store.ts';

/** What one tenant may use; absent means unlimited. */
export interface LimitSettings {
  readonly requestsPerMinute?: number;
  /** Prompt and answer together. */
  readonly tokensPerMinute?: number;
  /** Requests that are served at the same time by this gateway. */
  readonly concurrentRequests?: number;
}

/** One request's part of its tenant's limits. */
export interface LimitSlot {
  /**
   * Takes `tokens` before the engine is asked.
   * @throws ERR_GATEWAY_LIMIT_REACHED
   */
  reserve(tokens: number): Promise<void>;
  /** Gives the place back and puts what was used in the place of what was reserved. May be called twice. */
  leave(used?: number): void;
}

/** The limits of all tenants. */
export interface TenantLimits {
  /** Counts a request. @throws ERR_GATEWAY_LIMIT_REACHED */
  enter(claims: PrincipalClaims): Promise<LimitSlot>;
}

/** Creates the limits over a store of counters. */
export function createTenantLimits(settings: LimitSettings, store: LimiterStore): TenantLimits {
  const { requestsPerMinute, tokensPerMinute, concurrentRequests = Infinity } = settings;
  const requests = createCounter(store, 'cloister-requests', requestsPerMinute);
  const tokens = createCounter(store, 'cloister-tokens', tokensPerMinute);
  const running = new Map<string, number>();
  const step = (tenant: string, by: 1 | -1): void => {
    const count = (running.get(tenant) ?? 0) + by;
    if (count === 0) running.delete(tenant);
    else running.set(tenant, count);
  };
  return {
    async enter({ issuer, tenant: name }) {
      const tenant = toHex(sha256(lengthPrefixed('cloister/limits/v1', issuer, name)));
      if ((running.get(tenant) ?? 0) >= concurrentRequests) throw reached('concurrentRequests', 1000);
      step(tenant, 1);
      try {
        await take(requests, tenant, 1, 'requestsPerMinute');
      } catch (error) {
        step(tenant, -1);
        throw error;
      }
      return createSlot(tokens, tenant, () => step(tenant, -1));
    },
  };
}

function createCounter(store: LimiterStore, keyPrefix: string, points?: number): RateLimiterAbstract | undefined {
  return points === undefined ? undefined : store.createCounter({ keyPrefix, points });
}

function createSlot(tokens: RateLimiterAbstract | undefined, tenant: string, release: () => void): LimitSlot {
  let reserved = 0;
  let isLeft = false;
  return {
    async reserve(count) {
      await take(tokens, tenant, count, 'tokensPerMinute');
      reserved = count;
    },
    leave(used = reserved) {
      if (isLeft) return;
      isLeft = true;
      release();
      settle(tokens, tenant, used - reserved);
    },
  };
}

/** A store that fails now leaves the reservation as it is: it was the larger figure. */
function settle(tokens: RateLimiterAbstract | undefined, tenant: string, difference: number): void {
  if (tokens === undefined || difference === 0) return;
  const settled = difference > 0 ? tokens.penalty(tenant, difference) : tokens.reward(tenant, -difference);
  settled.catch(() => undefined);
}

async function take(
  counter: RateLimiterAbstract | undefined,
  tenant: string,
  points: number,
  subject: keyof LimitSettings,
): Promise<void> {
  if (counter === undefined) return;
  try {
    await counter.consume(tenant, points);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw gatewayError('ERR_GATEWAY_INTERNAL', { cause: error });
    // The library counts what it refuses, which would lock out a caller who asks for too much at once.
    await counter.reward(tenant, points).catch(() => undefined);
    throw reached(subject, error.msBeforeNext);
  }
}

function reached(subject: keyof LimitSettings, milliseconds: number): Error {
  return gatewayError('ERR_GATEWAY_LIMIT_REACHED', { subject, detail: { retryAfter: Math.ceil(milliseconds / 1000) } });
}
