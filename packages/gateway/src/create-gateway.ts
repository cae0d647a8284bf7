import type { Server } from 'node:http';
import { createContext } from './create-context.ts';
import { gatewayError } from './errors.ts';
import { createEvidenceDesk } from './evidence/evidence-desk.ts';
import type { GatewayContext } from './gateway-context.ts';
import type { GatewayOptions } from './gateway-options.ts';
import { createHttpServer } from './http-server.ts';
import type { EngineVerdict } from './isolation/prove-engine.ts';
import { end, endGently, listen } from './listen.ts';
import { createOperationsServer } from './operations/operations-server.ts';

/** The half that runs inside the enclave. */
export interface Gateway extends AsyncDisposable {
  /** Where it listens, for example `http://127.0.0.1:8443`. @throws ERR_GATEWAY_NOT_LISTENING */
  readonly url: string;
  /** SHA-256 of the effective configuration: what a policy pins (DESIGN 6.1). */
  readonly deployment: Uint8Array;
  /** Listens on the configured host. @param port 0 or absent: any free one; @returns the URL */
  listen(port?: number): Promise<string>;
  /** Where `/healthz`, `/readyz` and `/metrics` are, when `operationsPort` is set. */
  readonly operationsUrl: string | undefined;
  /**
   * Proves now that the engine keeps callers apart, besides the schedule that begins with `listen()`.
   * @returns what was learnt; `undefined` when `isolation` is not set
   */
  proveIsolation(): Promise<EngineVerdict | undefined>;
  /**
   * Takes no new request, lets those that run come to their end, then closes.
   * @param milliseconds how long to wait for them; 30,000 unless given
   */
  drain(milliseconds?: number): Promise<void>;
  /** Destroys all keys and ends every connection. May be called twice. */
  close(): Promise<void>;
}

/** How far a gateway is on its way. */
type Phase = 'open' | 'draining' | 'closed';

const DRAIN_MILLISECONDS = 30_000;

/**
 * Creates a gateway in front of an engine of the same guest.
 * @throws ERR_GATEWAY_CONFIG_INVALID, ERR_GATEWAY_UPSTREAM_NOT_LOOPBACK
 */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  let phase: Phase = 'open';
  let closing: Promise<void> | undefined;
  let urls: { readonly calls: string; readonly operations: string | undefined } | undefined;
  const context = await createContext(options, () => phase !== 'open');
  // The first keyset exists before the first caller, so that a machine without a working generator fails here.
  await context.keysets.current();
  const calls = createHttpServer(context, createEvidenceDesk(options, context.keysets));
  const operations = createOperationsServer({
    metrics: context.metrics,
    isReady: () => phase === 'open' && context.isolation.isProven,
  });
  const close = (): Promise<void> => {
    phase = 'closed';
    return (closing ??= shut(context, [calls, operations]));
  };
  return {
    get url() {
      if (urls === undefined) throw gatewayError('ERR_GATEWAY_NOT_LISTENING');
      return urls.calls;
    },
    get operationsUrl() {
      return urls?.operations;
    },
    deployment: context.deployment,
    async listen(port = 0) {
      if (phase !== 'open') throw gatewayError('ERR_GATEWAY_CLOSED');
      const { host, operationsPort } = context.config;
      urls = {
        calls: await listen(calls, host, port),
        operations: operationsPort === null ? undefined : await listen(operations, '127.0.0.1', operationsPort),
      };
      context.isolation.start();
      return urls.calls;
    },
    proveIsolation: () => context.isolation.prove(),
    async drain(milliseconds = DRAIN_MILLISECONDS) {
      if (phase === 'open') phase = 'draining';
      await endGently(calls, milliseconds);
      await close();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function shut(context: GatewayContext, servers: readonly Server[]): Promise<void> {
  context.isolation.stop();
  context.resumable.close();
  context.keysets.close();
  context.cacheKey.fill(0);
  context.agent.destroy();
  await Promise.all(servers.map(end));
}
