import type { AuditSink, Clock, CloisterError, EvidenceProvider, RandomSource } from '@cloister/core';
import type { DeploymentSignature } from '@cloister/evidence';
import type { ApiKeyDirectory } from '@cloister/tenancy';
import type { PromptClassifier } from './body/filter-prompt.ts';
import type { GatewayConfig } from './config/gateway-config.ts';
import type { LimiterStore } from './limits/limiter-store.ts';

/** What a gateway is made of. */
export interface GatewayOptions {
  /** Settings; all of them are attested. */
  readonly config: GatewayConfig;
  /** The machine's evidence provider. */
  readonly evidence: EvidenceProvider;
  /** Who may call with an API key; refused when the configuration names an `apiKeyOwner`. */
  readonly principals?: ApiKeyDirectory;
  /** The list that the configured owner signed (`SignedApiKeys` of `@cloister/tenancy`), as JSON was parsed. */
  readonly signedApiKeys?: unknown;
  /** The owner's word for this deployment, for policies that name an owner instead of a digest. */
  readonly deploymentSignature?: DeploymentSignature;
  /** Where the counters of `limits` live; this process unless given. See `@cloister/gateway/redis-limits`. */
  readonly limiterStore?: LimiterStore;
  /** Told every proof of isolation; a proof that it does not take does not count. */
  readonly audit?: AuditSink;
  /** Scores windows of every prompt; the scores are counted in the metrics and decide nothing. */
  readonly classifyPrompt?: PromptClassifier;
  readonly clock?: Clock;
  readonly random?: RandomSource;
  /** Told every refusal by its code; there is no content in it. */
  readonly onRefusal?: (error: CloisterError) => void;
}
