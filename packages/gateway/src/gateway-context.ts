import type { Clock, CloisterError } from '@cloister/core';
import type { PromptClassifier } from './body/filter-prompt.ts';
import type { EngineAccess } from './engine/engine-access.ts';
import type { EngineGate } from './engine/engine-gate.ts';
import type { KeysetHolder } from './evidence/keyset-holder.ts';
import type { Metrics } from './operations/metrics.ts';
import type { IsolationGuard } from './isolation/isolation-guard.ts';
import type { TenantLimits } from './limits/tenant-limits.ts';
import type { ResumableAnswers } from './resume/resumable-answers.ts';
import type { Callers } from './sealed/callers.ts';
import type { ReplayWindow } from './sealed/replay-window.ts';

/** What every request of one gateway shares. */
export interface GatewayContext extends EngineAccess {
  /** SHA-256 of the effective configuration. */
  readonly deployment: Uint8Array;
  /** SHA-256 of the wire policy. */
  readonly wirePolicy: Uint8Array;
  readonly callers: Callers;
  readonly keysets: KeysetHolder;
  readonly replay: ReplayWindow;
  readonly limits: TenantLimits;
  readonly isolation: IsolationGuard;
  readonly gate: EngineGate;
  readonly resumable: ResumableAnswers;
  /** Never goes back. */
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly classifyPrompt: PromptClassifier | undefined;
  /** Whether the gateway is about to end. */
  isDraining(): boolean;
  /** Told every refusal, without content. */
  report(error: CloisterError): void;
}
