import type { Agent } from 'node:http';
import type { EffectiveGatewayConfig } from '../config/gateway-config.ts';
import type { Upstream } from '../config/parse-upstream.ts';

/** The way to the engine. */
export interface EngineAccess {
  readonly config: EffectiveGatewayConfig;
  readonly upstream: Upstream;
  readonly agent: Agent;
  /** K of DESIGN 6.6: 32 random bytes for this engine, in memory only. */
  readonly cacheKey: Uint8Array;
}
