import { createAuditEvent } from '@cloister/audit';
import { systemRandom, type AuditSink, type Clock, type PrincipalClaims, type RandomSource } from '@cloister/core';
import type { EngineAccess } from '../engine/engine-access.ts';
import { gatewayError } from '../errors.ts';
import type { Metrics } from '../operations/metrics.ts';
import { proveEngine, type EngineVerdict } from './prove-engine.ts';

/** Stands between callers and an engine whose isolation nobody has proven. */
export interface IsolationGuard {
  /** What the last proof said; `undefined` before the first and without the setting. */
  readonly verdict: EngineVerdict | undefined;
  /** Whether requests may pass. */
  readonly isProven: boolean;
  /**
   * Lets a caller pass.
   * @throws ERR_GATEWAY_ISOLATION_NOT_PROVEN, ERR_GATEWAY_TENANT_REFUSED
   */
  require(claims: PrincipalClaims): void;
  /** Proves now; those who ask meanwhile share the proof. `undefined` without the setting. */
  prove(): Promise<EngineVerdict | undefined>;
  /** Proves now and then on, until `stop`. */
  start(): void;
  stop(): void;
}

/** What the guard works with. */
export interface IsolationGuardOptions {
  readonly engine: EngineAccess;
  readonly clock: Clock;
  readonly random?: RandomSource;
  readonly metrics: Metrics;
  /** Told every proof; one that it does not take does not count. */
  readonly audit?: AuditSink;
}

/** After a proof that did not end well, in ms. */
const RETRY_MILLISECONDS = 5000;

/** Creates the guard of one engine; it does nothing until `start` or `prove`. */
export function createIsolationGuard(options: IsolationGuardOptions): IsolationGuard {
  const { engine, clock, random = systemRandom, metrics, audit } = options;
  const settings = engine.config.isolation;
  const period = (settings?.everySeconds ?? 0) * 1000;
  let verdict: EngineVerdict | undefined;
  let provenUntil = 0;
  let running: Promise<EngineVerdict> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const isProven = (): boolean => settings === null || settings.whenNotProven === 'report' || clock.now() < provenUntil;

  async function prove(): Promise<EngineVerdict> {
    const result = await proveEngine(engine, { clock, random });
    verdict = result;
    metrics.proved(result.verdict);
    if (!keeps(result)) provenUntil = 0;
    await audit?.record(eventOf(result, clock));
    if (isGood(result)) provenUntil = result.at + 2 * period;
    return result;
  }
  const proveOnce = (): Promise<EngineVerdict> =>
    (running ??= prove().finally(() => {
      running = undefined;
    }));
  async function again(): Promise<void> {
    const good = await proveOnce().then(isGood, () => false);
    if (stopped) return;
    timer = setTimeout(() => void again(), good ? period : Math.min(period, RETRY_MILLISECONDS));
    timer.unref();
  }

  return {
    get verdict() {
      return verdict;
    },
    get isProven() {
      return isProven();
    },
    require({ issuer, tenant }) {
      const only = settings?.onlyTenant ?? null;
      if (only !== null && (only.issuer !== issuer || only.tenant !== tenant))
        throw gatewayError('ERR_GATEWAY_TENANT_REFUSED');
      if (!isProven()) throw gatewayError('ERR_GATEWAY_ISOLATION_NOT_PROVEN');
    },
    prove: async () => (settings === null ? undefined : proveOnce()),
    start() {
      if (settings !== null && !stopped) void again();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

const isGood = ({ verdict }: EngineVerdict): boolean => verdict === 'isolated' || verdict === 'one-tenant';

/** An engine that is too busy to be asked is still the one of the last proof; another boot is not. */
function keeps({ verdict, code }: EngineVerdict): boolean {
  return (
    isGood({ verdict } as EngineVerdict) || (verdict === 'inconclusive' && code === 'ERR_SESSION_ISOLATION_REQUEST')
  );
}

function eventOf({ verdict, code, at, report }: EngineVerdict, clock: Clock): ReturnType<typeof createAuditEvent> {
  const outcome = verdict === 'failed' ? 'deny' : verdict === 'inconclusive' ? 'error' : 'allow';
  return createAuditEvent(
    {
      type: 'isolation.prove',
      outcome,
      verdict,
      arms: report?.arms.length ?? 0,
      ...(report?.engine === undefined ? {} : { engine: report.engine }),
      ms: Math.round(clock.now() - at),
      ...(code === undefined ? {} : { code }),
    },
    { clock },
  );
}
