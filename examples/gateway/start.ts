import { toHex } from '@cloister/core';
import type { Clock, CloisterError } from '@cloister/core';
import type { TdxEvidencePolicy } from '@cloister/evidence';
import { createGateway, type Gateway, type GatewayConfig } from '@cloister/gateway';
import { createSimulatedTee, type SimulatedTee, type SimulatedTeeOptions } from '@cloister/simulator/tee';
import { startVllmStandIn, type VllmStandIn, type VllmStandInOptions } from '@cloister/simulator/vllm';
import { createApiKey, createApiKeyDirectory } from '@cloister/tenancy';

/** What to start. Every member has a default. */
export interface StartOptions {
  /** A real vLLM on the loopback interface, instead of the stand-in. */
  readonly vllm?: string;
  /** Port of the gateway; 0 takes a free one. */
  readonly port?: number;
  readonly config?: Partial<GatewayConfig>;
  readonly tee?: SimulatedTeeOptions;
  /** The gateway's clock; the system's unless said. */
  readonly clock?: Clock;
  readonly standIn?: VllmStandInOptions;
  readonly onRefusal?: (error: CloisterError) => void;
}

/** A gateway under a simulated TEE, with everything that a client needs to trust it. */
export interface SimulatedGateway extends AsyncDisposable {
  readonly url: string;
  readonly apiKey: string;
  /** A second caller, of another tenant. */
  readonly otherApiKey: string;
  readonly model: string;
  /** Pins this very guest and configuration. */
  readonly policy: TdxEvidencePolicy;
  readonly tee: SimulatedTee;
  readonly gateway: Gateway;
  /** The stand-in, when it is what answers. */
  readonly standIn: VllmStandIn | undefined;
}

/** Starts engine, simulated TEE and gateway on loopback, in this process. */
export async function startSimulatedGateway(options: StartOptions = {}): Promise<SimulatedGateway> {
  await using stack = new AsyncDisposableStack();
  const standIn = options.vllm === undefined ? await startVllmStandIn(options.standIn) : undefined;
  if (standIn !== undefined) stack.defer(() => standIn.close());
  const upstream = standIn?.url ?? new URL(options.vllm ?? '').origin;
  const tee = await createSimulatedTee(options.tee);
  const keys = [createApiKey(), createApiKey()] as const;
  const principals = createApiKeyDirectory(
    keys.map(({ sha256 }, index) => {
      const caller = { tenant: `tenant-${index + 1}`, subject: 'developer', groups: ['everyone'] };
      return { ...caller, sha256, clearance: 'restricted', purpose: 'development' };
    }),
    { issuer: 'simulated' },
  );
  const { onRefusal, clock } = options;
  const gateway = await createGateway({
    config: { upstream, ...options.config },
    evidence: tee.provider,
    principals,
    ...(onRefusal === undefined ? {} : { onRefusal }),
    ...(clock === undefined ? {} : { clock }),
  });
  stack.defer(() => gateway.close());
  const url = await gateway.listen(options.port);
  const model = standIn?.model ?? (await modelOf(upstream));
  const policy: TdxEvidencePolicy = { tee: 'tdx', workload: tee.workload, deployment: toHex(gateway.deployment) };
  const end = stack.move();
  const [{ apiKey }, { apiKey: otherApiKey }] = keys;
  return {
    url,
    apiKey,
    otherApiKey,
    model,
    policy,
    tee,
    gateway,
    standIn,
    [Symbol.asyncDispose]: () => end.disposeAsync(),
  };
}

async function modelOf(upstream: string): Promise<string> {
  const { data } = (await (await fetch(`${upstream}/v1/models`)).json()) as { data: readonly { id: string }[] };
  const model = data[0]?.id;
  if (model === undefined) throw new Error(`The server at ${upstream} lists no model.`);
  return model;
}
