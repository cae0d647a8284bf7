import { Agent } from 'node:http';
import { systemClock, systemRandom } from '@cloister/core';
import { deploymentDigest, parseGatewayConfig } from './config/gateway-config.ts';
import { parseUpstream } from './config/parse-upstream.ts';
import { wirePolicyDigest } from './config/wire-policy.ts';
import { createEngineGate } from './engine/engine-gate.ts';
import { createKeysetHolder } from './evidence/keyset-holder.ts';
import type { GatewayContext } from './gateway-context.ts';
import type { GatewayOptions } from './gateway-options.ts';
import { createIsolationGuard } from './isolation/isolation-guard.ts';
import { memoryLimits } from './limits/limiter-store.ts';
import { createTenantLimits } from './limits/tenant-limits.ts';
import { createMetrics } from './operations/metrics.ts';
import { createResumableAnswers } from './resume/resumable-answers.ts';
import { createCallers } from './sealed/callers.ts';
import { DATE_TOLERANCE } from './sealed/parse-sealed-headers.ts';
import { createReplayWindow } from './sealed/replay-window.ts';
import { createSteadyClock } from './steady-clock.ts';

/**
 * Everything of a gateway but its servers.
 * @throws ERR_GATEWAY_CONFIG_INVALID, ERR_GATEWAY_UPSTREAM_NOT_LOOPBACK
 */
export async function createContext(options: GatewayOptions, isDraining: () => boolean): Promise<GatewayContext> {
  const metrics = createMetrics();
  const config = parseGatewayConfig(options.config);
  const clock = createSteadyClock(options.clock ?? systemClock);
  const deployment = deploymentDigest(config);
  // Idle connections end a second before an engine would end them (vLLM's server after five), so none is used as it closes.
  const agent = new Agent({ keepAlive: true, timeout: 4000 });
  const cacheKey = (options.random ?? systemRandom)(32);
  const engine = { config, agent, cacheKey, upstream: parseUpstream(config.upstream) };
  const { audit } = options;
  const gate = createEngineGate(config.concurrency, clock);
  metrics.watch(gate);
  return {
    ...engine,
    deployment,
    wirePolicy: wirePolicyDigest(),
    callers: await createCallers(config, options, clock),
    keysets: createKeysetHolder({ deployment, lifetime: config.keysetSeconds * 1000, clock }),
    replay: createReplayWindow({ capacity: config.replayCapacity, retention: 2 * DATE_TOLERANCE }),
    limits: createTenantLimits(config.limits, options.limiterStore ?? memoryLimits),
    isolation: createIsolationGuard({ engine, clock, metrics, ...(audit === undefined ? {} : { audit }) }),
    gate,
    resumable: createResumableAnswers(config.resume),
    clock,
    metrics,
    classifyPrompt: options.classifyPrompt,
    isDraining,
    report(error) {
      metrics.refused(error.code);
      options.onRefusal?.(error);
    },
  };
}
