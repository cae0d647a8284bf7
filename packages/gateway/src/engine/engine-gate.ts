import { lengthPrefixed, sha256, toHex, type Clock, type PrincipalClaims } from '@cloister/core';
import { createConcurrencyLimit, type EngineSign } from './concurrency-limit.ts';
import type { ConcurrencySettings } from './concurrency-settings.ts';
import { createFairQueue } from './fair-queue.ts';
import { waitInLine } from './wait-in-line.ts';

/** One request's place at the engine. */
export interface EnginePlace {
  /** The first byte of a streamed answer has come: how long it took says how much the engine has to do. */
  readonly began: () => void;
  /** The answer came in one piece: that took as long as its text is. */
  answered(): void;
  /** The engine said that it is busy. */
  refused(): void;
  /** Gives the place back. May be called twice. */
  leave(): void;
}

/** Lets as many requests to the engine as it can take, and others wait their turn. */
export interface EngineGate {
  readonly limit: number;
  readonly running: number;
  readonly waiting: number;
  /**
   * Resolves when it is this request's turn.
   * @throws ERR_GATEWAY_ENGINE_BUSY when too many wait, or it waited too long; the signal's reason
   */
  enter(claims: PrincipalClaims, signal: AbortSignal): Promise<EnginePlace>;
}

/** A gate in front of one engine. Tenants take turns, however much one of them asks. */
export function createEngineGate(settings: Required<ConcurrencySettings>, clock: Clock): EngineGate {
  const limit = createConcurrencyLimit(settings.least, settings.most, clock);
  const queue = createFairQueue(settings.waiting);
  const tenants = new Map<string, number>();
  let running = 0;

  const step = (tenant: string, by: 1 | -1): void => {
    running += by;
    const count = (tenants.get(tenant) ?? 0) + by;
    if (count === 0) tenants.delete(tenant);
    else tenants.set(tenant, count);
  };
  const admitNext = (): void => {
    while (running < limit.value) {
      const next = queue.shift((tenant) => tenants.get(tenant) ?? 0);
      if (next === undefined) return;
      step(next.tenant, 1);
      next.go();
    }
  };
  const place = (tenant: string): EnginePlace => {
    const startedAt = clock.now();
    let isLeft = false;
    let isKnown = false;
    const learn = (sign: EngineSign): void => {
      if (isKnown) return;
      isKnown = true;
      limit.learn(sign, startedAt, running >= limit.value);
    };
    return {
      answered: () => learn('prompt'),
      began: () => learn(clock.now() - startedAt > settings.lateMilliseconds ? 'late' : 'prompt'),
      refused: () => learn('busy'),
      leave() {
        if (isLeft) return;
        isLeft = true;
        step(tenant, -1);
        admitNext();
      },
    };
  };
  return {
    get limit() {
      return limit.value;
    },
    get running() {
      return running;
    },
    get waiting() {
      return queue.length;
    },
    async enter({ issuer, tenant: name }, signal) {
      signal.throwIfAborted();
      const tenant = toHex(sha256(lengthPrefixed(issuer, name)));
      if (running < limit.value && queue.length === 0) step(tenant, 1);
      else await waitInLine(queue, { tenant, milliseconds: settings.waitMilliseconds, signal });
      return place(tenant);
    },
  };
}
