import type { ReceiptUsage } from '@cloister/audit';
import type { EngineGate } from '../engine/engine-gate.ts';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** An answer that has ended, or was left by its caller. */
export interface AnswerFigures {
  /** A path of the wire policy; `unknown` for every other one. */
  readonly route: string;
  /** HTTP status of the sealed answer. */
  readonly status: number;
  /** From the arrival of the request to the end of its answer, seconds. */
  readonly seconds: number;
  readonly usage: ReceiptUsage | undefined;
}

/** What the gateway counts. Every label is a word of our own code: no caller, tenant, model or text can be one. */
export interface Metrics {
  /** A sealed request has come; call the result once when its answer has ended, without figures when it got none. */
  began(): (figures?: AnswerFigures) => void;
  /** A refusal, by its code. */
  refused(code: string): void;
  /** A proof of isolation has ended, by its verdict. */
  proved(verdict: string): void;
  /** A prompt was scored by the classifier: 0 to 1. */
  scored(score: number): void;
  /** What stands at the engine, asked for whenever somebody reads the metrics. */
  watch(gate: Pick<EngineGate, 'limit' | 'running' | 'waiting'>): void;
  /** Evidence was handed out. */
  attested(): void;
  /** All of it in the Prometheus text format. */
  render(): Promise<string>;
}

/** From the time of a small answer to that of a long stream, seconds. */
const BUCKETS = [0.01, 0.05, 0.25, 1, 5, 15, 60, 300];

const STATES = ['limit', 'running', 'waiting'] as const;

/** Starts with every counter at zero. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const answers = new Counter({
    name: 'cloister_answers_total',
    help: 'Sealed answers by route and status.',
    labelNames: ['route', 'status'],
    registers,
  });
  const seconds = new Histogram({
    name: 'cloister_answer_seconds',
    help: 'From the arrival of a request to the end of its answer.',
    buckets: BUCKETS,
    registers,
  });
  const tokens = new Counter({
    name: 'cloister_tokens_total',
    help: 'Tokens as the engine counts them.',
    labelNames: ['kind'],
    registers,
  });
  const inFlight = new Gauge({ name: 'cloister_requests_in_flight', help: 'Requests being answered.', registers });
  const refusals = new Counter({
    name: 'cloister_refusals_total',
    help: 'Refusals by code.',
    labelNames: ['code'],
    registers,
  });
  const evidence = new Counter({ name: 'cloister_evidence_total', help: 'Evidence handed out.', registers });
  const proofs = new Counter({
    name: 'cloister_isolation_proofs_total',
    help: 'Proofs of isolation by verdict.',
    labelNames: ['verdict'],
    registers,
  });
  const scores = new Histogram({
    name: 'cloister_prompt_score',
    help: 'How much prompts look like an attack to the classifier.',
    buckets: [0.1, 0.25, 0.5, 0.75, 0.9, 1],
    registers,
  });
  return {
    began() {
      inFlight.inc();
      return (figures) => {
        inFlight.dec();
        if (figures === undefined) return;
        const { route, status, seconds: taken, usage } = figures;
        answers.inc({ route, status });
        seconds.observe(taken);
        for (const kind of ['input', 'output', 'cached'] as const) tokens.inc({ kind }, usage?.[kind] ?? 0);
      };
    },
    refused: (code) => refusals.inc({ code }),
    proved: (verdict) => proofs.inc({ verdict }),
    scored: (score) => scores.observe(score),
    watch(gate) {
      const gauge = new Gauge({
        name: 'cloister_engine_requests',
        help: 'Requests that the engine works on, that wait for it, and how many it may get at a time.',
        labelNames: ['state'],
        registers,
        collect: () => STATES.forEach((state) => gauge.set({ state }, gate[state])),
      });
    },
    attested: () => evidence.inc(),
    render: () => registry.metrics(),
  };
}
