import { Agent } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock, systemRandom } from '@cloister/core';
import type { Clock, CloisterError, EvidenceProvider, RandomSource } from '@cloister/core';
import type { ApiKeyDirectory } from '@cloister/tenancy';
import { gatewayError } from './errors.ts';
import { createEvidenceDesk } from './evidence/evidence-desk.ts';
import { deploymentDigest, parseGatewayConfig } from './config/gateway-config.ts';
import type { GatewayConfig } from './config/gateway-config.ts';
import type { GatewayContext } from './gateway-context.ts';
import { type LimiterStore, memoryLimits } from './limits/limiter-store.ts';
import { createTenantLimits } from './limits/tenant-limits.ts';
import { createHttpServer } from './http-server.ts';
import { createKeysetHolder } from './evidence/keyset-holder.ts';
import { DATE_TOLERANCE } from './sealed/parse-sealed-headers.ts';
import { parseUpstream } from './config/parse-upstream.ts';
import { createReplayWindow } from './sealed/replay-window.ts';
import { createSteadyClock } from './steady-clock.ts';
import { wirePolicyDigest } from './config/wire-policy.ts';

/** What a gateway is made of. */
export interface GatewayOptions {
  /** Settings; all of them are attested. */
  readonly config: GatewayConfig;
  /** The machine's evidence provider. */
  readonly evidence: EvidenceProvider;
  /** Who may call. */
  readonly principals: ApiKeyDirectory;
  /** Where the counters of `limits` live; this process unless given. See `@cloister/gateway/redis-limits`. */
  readonly limiterStore?: LimiterStore;
  readonly clock?: Clock;
  readonly random?: RandomSource;
  /** Told every refusal by its code; there is no content in it. */
  readonly onRefusal?: (error: CloisterError) => void;
}

/** The half that runs inside the enclave. */
export interface Gateway extends AsyncDisposable {
  /** Where it listens, for example `http://127.0.0.1:8443`. @throws ERR_GATEWAY_NOT_LISTENING */
  readonly url: string;
  /** SHA-256 of the effective configuration: what a policy pins (DESIGN 6.1). */
  readonly deployment: Uint8Array;
  /** Listens on the configured host. @param port 0 or absent: any free one; @returns the URL */
  listen(port?: number): Promise<string>;
  /** Destroys all keys and ends every connection. May be called twice. */
  close(): Promise<void>;
}

/**
 * Creates a gateway in front of an engine on the loopback interface.
 * @throws ERR_GATEWAY_CONFIG_INVALID, ERR_GATEWAY_UPSTREAM_NOT_LOOPBACK
 */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const context = createContext(options);
  // The first keyset exists before the first caller, so that a machine without a working generator fails here.
  await context.keysets.current();
  const server = createHttpServer(context, createEvidenceDesk(options.evidence, context.keysets));
  return wire(context, server);
}

function createContext(options: GatewayOptions): GatewayContext {
  const config = parseGatewayConfig(options.config);
  const clock = createSteadyClock(options.clock ?? systemClock);
  const deployment = deploymentDigest(config);
  return {
    config,
    deployment,
    wirePolicy: wirePolicyDigest(),
    upstream: parseUpstream(config.upstream),
    // Idle connections end before an engine would end them (vLLM's server after five seconds), so none is used as it closes.
    agent: new Agent({ keepAlive: true, timeout: 2000 }),
    principals: options.principals,
    keysets: createKeysetHolder({ deployment, lifetime: config.keysetSeconds * 1000, clock }),
    replay: createReplayWindow({ capacity: config.replayCapacity, retention: 2 * DATE_TOLERANCE }),
    limits: createTenantLimits(config.limits, options.limiterStore ?? memoryLimits),
    clock,
    cacheKey: (options.random ?? systemRandom)(32),
    report: (error) => options.onRefusal?.(error),
  };
}

function wire(context: GatewayContext, server: Server): Gateway {
  let url: string | undefined;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= shut(context, server));
  return {
    get url() {
      if (url === undefined) throw gatewayError('ERR_GATEWAY_NOT_LISTENING');
      return url;
    },
    deployment: context.deployment,
    async listen(port = 0) {
      if (closing !== undefined) throw gatewayError('ERR_GATEWAY_CLOSED');
      url = await listen(server, context.config.host, port);
      return url;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function listen(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const { address, port: chosen, family } = server.address() as AddressInfo;
      resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${chosen}`);
    });
  });
}

async function shut(context: GatewayContext, server: Server): Promise<void> {
  context.keysets.close();
  context.cacheKey.fill(0);
  context.agent.destroy();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
