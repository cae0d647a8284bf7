import { mkdirSync, rmSync } from 'node:fs';
import { inspect } from 'node:util';
import { runInThisContext } from 'node:vm';
import { createCanaries, captureOutput, findCanaries, readFolder } from '@cloister/simulator/canaries';
import type { Canary, CanaryHit, CanaryPlace } from '@cloister/simulator/canaries';
import { createOcsfExporter, toOtlpLogs, type SpanSink } from '@cloister/audit';
import { auditLog, readLog } from '@cloister/audit/node';
import { openTelemetrySpans } from '@cloister/audit/opentelemetry';
import { hospitals, question } from '@cloister/example-hospital/notes';
import { createWorld, type World } from '@cloister/example-hospital/world';
import { trusted, type Trusted } from '@cloister/prompt';
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ScriptedEngine, startScriptedEngine } from '../isolation/scripted-engine.ts';
import { laneSize, useScratch } from './scratch.ts';

const newDirectory = useScratch();
const runs = laneSize('CLOISTER_CANARY_RUNS', 5);
const home = newDirectory();
let engine: ScriptedEngine;
let world: World;

beforeAll(async () => {
  engine = await startScriptedEngine();
  world = await createWorld({ directory: home, vllm: engine.url });
  const tenant = await world.enter('cardiologist', await world.runtime());
  await tenant.ingest(hospitals[0]?.notes ?? []);
}, 300_000);

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

type Canaries = ReturnType<typeof createCanaries>;

/** What one run of the chain left behind for others than its caller. */
interface Traces {
  readonly output: Uint8Array;
  readonly values: string;
  /** Spans as OTLP, both encodings. */
  readonly telemetry: readonly Uint8Array[];
  /** What reached the engine, and what the caller got: here canaries belong. */
  readonly seen: string;
}

/** Only source text becomes instructions, so a canary for the system text has to be written as source. */
function instruct(canary: Canary): Trusted {
  const write = runInThisContext(`(tag) => tag\`Answer from the sources. ${canary.text}\``) as (
    tag: typeof trusted,
  ) => Trusted;
  return write(trusted);
}

/** Somewhere to send spans: the provider's own memory. */
function openTelemetry(): { spans: SpanSink; exporter: InMemorySpanExporter } {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  return { spans: openTelemetrySpans({ provider }), exporter };
}

/** Canaries everywhere: an answered question with a tool call, one that the engine refuses and one that is too long. */
async function runChain(canaries: Canaries, audit: string): Promise<Traces> {
  const log = auditLog(audit, { maxWait: 30_000 });
  const { spans, exporter } = openTelemetry();
  const values: unknown[] = [];
  let seen = '';
  const { output, result } = await captureOutput(async () => {
    const instructions = instruct(canaries.system);
    const tenant = await world.enter('cardiologist', await world.runtime({ audit: log, spans, instructions }));
    const text = `${question} Remark ${canaries.document.text}.`;
    await tenant.ingest([{ id: 'note-with-canary', text, label: 'restricted', acl: ['cardiology'] }]);
    const session = await tenant.session();
    engine.say((messages) => {
      seen += messages.map(({ content }) => content).join('\n');
      return `Answer ${canaries.answer.text} [1].`;
    });
    const answer = tenant.ask(`${question} Remark ${canaries.prompt.text}.`, { session });
    const { text: answered, recorded, report } = await answer.result();
    const restored = tenant.restoreArguments(session, JSON.stringify({ note: canaries['tool-arguments'].text }), {
      clearance: 'restricted',
    });
    seen += `${answered}${restored.text}`;
    values.push(tenant, session, answer, recorded, report, log, spans, restored.report);
    const fail = async (asked: string): Promise<unknown> =>
      tenant
        .ask(asked, { session })
        .result()
        .catch((error: unknown) => error);
    engine.refuse(400, canaries['error-body'].text);
    values.push(await fail(question));
    // A prompt that does not fit is refused with an error that must not quote it.
    values.push(await fail(`${canaries.prompt.text} `.repeat(4000)));
    expect(values.slice(-2).every((value) => value instanceof Error)).toBe(true);
    await session.end();
  });
  if (result.status === 'rejected') throw result.reason;
  await log.close();
  const events = await Array.fromAsync(readLog(audit));
  const ocsf = createOcsfExporter('hospital.example/audit');
  const written = values.flatMap((value) => [inspect(value, { depth: 8, showHidden: true }), stringify(value)]);
  const exported = [JSON.stringify(toOtlpLogs(events)), JSON.stringify(events.map(ocsf))];
  const finished = exporter.getFinishedSpans();
  const telemetry = [JsonTraceSerializer, ProtobufTraceSerializer].map((serializer) =>
    Uint8Array.from(serializer.serializeRequest(finished) ?? []),
  );
  expect(finished.length).toBeGreaterThan(10);
  return { output, values: [...written, ...exported].join('\n'), telemetry, seen };
}

function stringify(value: unknown): string {
  const error = value instanceof Error ? `${value.stack}${String(value.cause)}` : '';
  return `${JSON.stringify(value)}${error}`;
}

function search(traces: Traces, directory: string, canaries: readonly Canary[]): readonly CanaryHit[] {
  const files = [...readFolder(directory).values(), ...readFolder(home).values()];
  const haystacks = [traces.output, traces.values, ...traces.telemetry, ...files];
  return haystacks.flatMap((haystack) => findCanaries(haystack, canaries));
}

/** Where each canary must have been, or else its absence says nothing. */
const TRAVELLED: readonly CanaryPlace[] = ['prompt', 'document', 'system', 'answer', 'tool-arguments'];

describe('canaries in the chain', () => {
  it(
    `reach no log, file, span, console, error or inspected object in ${runs} runs`,
    { timeout: 60_000 + runs * 20_000 },
    async () => {
      for (let run = 0; run < runs; run++) {
        const canaries = createCanaries();
        const directory = newDirectory();
        const traces = await runChain(canaries, directory);
        expect(search(traces, directory, Object.values(canaries))).toEqual([]);
        for (const place of TRAVELLED) expect(traces.seen).toContain(canaries[place].text);
        rmSync(directory, { recursive: true });
      }
    },
  );

  it('are caught where something prints, stores or exports them: the control', async () => {
    const canaries = createCanaries();
    const directory = newDirectory();
    mkdirSync(directory);
    const leaky = await captureOutput(async () => void process.stderr.write(canaries.document.text));
    const { exporter } = openTelemetry();
    const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
    provider
      .getTracer('other')
      .startSpan('chat', { attributes: { 'gen_ai.input.messages': canaries.answer.text } })
      .end();
    const telemetry = [Uint8Array.from(ProtobufTraceSerializer.serializeRequest(exporter.getFinishedSpans()) ?? [])];
    const values = Buffer.from(canaries.prompt.text).toString('base64');
    expect(search({ output: leaky.output, values, telemetry, seen: '' }, directory, Object.values(canaries))).toEqual([
      { place: 'document', form: 'raw' },
      { place: 'prompt', form: 'base64' },
      { place: 'answer', form: 'raw' },
    ]);
  });
});
