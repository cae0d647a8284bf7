import type { Clock, RandomSource } from '@cloister/core';
import { isCloisterError } from '@cloister/core';
import { ENGINES, proveIsolation, requireEngine, type IsolationReport, type SessionErrorCode } from '@cloister/session';
import type { EngineAccess } from '../engine/engine-access.ts';
import { readModel, readVersion } from './read-engine.ts';
import { reservedPrincipal } from './reserved-principal.ts';

/** What a gateway learnt about its engine. */
export type EngineVerdict =
  | {
      readonly verdict: 'isolated' | 'failed' | 'inconclusive';
      readonly code?: SessionErrorCode;
      readonly at: number;
      readonly report?: IsolationReport;
    }
  /** There is nothing to prove: the engine serves one tenant. */
  | { readonly verdict: 'one-tenant'; readonly code?: never; readonly at: number; readonly report?: never };

/** What the proof takes besides the gateway's own parts. */
export interface ProveEngineOptions {
  readonly clock: Clock;
  readonly random: RandomSource;
}

/** The gate by version, then the proof with two reserved principals (DESIGN 6.6). Does not throw for what the engine does. */
export async function proveEngine(engine: EngineAccess, options: ProveEngineOptions): Promise<EngineVerdict> {
  const { engine: name, onlyTenant } = engine.config.isolation ?? { engine: 'vllm', onlyTenant: null };
  const { clock, random } = options;
  const at = clock.now();
  try {
    const version = ENGINES[name].least === undefined ? undefined : await readVersion(engine);
    requireEngine(name, version, onlyTenant === null ? 'many' : 'one');
    if (!ENGINES[name].separates) return { verdict: 'one-tenant', at };
    const model = await readModel(engine);
    if (model === undefined) return { verdict: 'inconclusive', code: 'ERR_SESSION_ISOLATION_REQUEST', at };
    const [own, other] = [reservedPrincipal(engine, 'first'), reservedPrincipal(engine, 'second')];
    const report = await proveIsolation({ model, own, other, clock, random });
    const verdict = report.verdict === 'salt-honoured' ? 'failed' : report.verdict;
    return { verdict, at, report, ...(report.code === undefined ? {} : { code: report.code }) };
  } catch (error) {
    if (isCloisterError(error) && error.code.startsWith('ERR_SESSION_ENGINE_'))
      return { verdict: 'failed', code: error.code as SessionErrorCode, at };
    return { verdict: 'inconclusive', code: 'ERR_SESSION_ISOLATION_REQUEST', at };
  }
}
