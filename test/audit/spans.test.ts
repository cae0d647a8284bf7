import { ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import { createPseudonymizer, guardSpanExporter, type OwnSpanAttributes, type SpanSink } from '@cloister/audit';
import { openTelemetrySpans } from '@cloister/audit/opentelemetry';
import { hospitals, question } from '@cloister/example-hospital/notes';
import { createWorld, type World } from '@cloister/example-hospital/world';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useScratch } from './scratch.ts';

const newDirectory = useScratch();
let world: World;

beforeAll(async () => {
  world = await createWorld({ directory: newDirectory() });
});

afterAll(() => world[Symbol.asyncDispose]());

function openTelemetry(): { spans: SpanSink; finished: () => readonly ReadableSpan[] } {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  return { spans: openTelemetrySpans({ provider }), finished: () => exporter.getFinishedSpans() };
}

describe('spans of a question', () => {
  it('are one for the whole and one for each arrow below it, named as the conventions have it', async () => {
    const { spans, finished } = openTelemetry();
    const tenant = await world.enter('cardiologist', await world.runtime({ spans }));
    await tenant.ingest(hospitals[0]?.notes ?? []);
    const { recorded } = await tenant.ask(question).result();
    const all = finished();
    const root = all.at(-1);
    expect(root).toMatchObject({
      name: 'invoke_workflow cloister.ask',
      kind: 0,
      attributes: {
        'gen_ai.operation.name': 'invoke_workflow',
        'enduser.pseudo.id': expect.stringMatching(/^act_/) as string,
      },
    });
    for (const span of all.slice(0, -1)) expect(span.parentSpanContext?.spanId).toBe(root?.spanContext().spanId);
    expect(all.map(({ name }) => name)).toEqual([
      'cloister.evidence',
      'retrieval notes',
      'cloister.redaction',
      'cloister.prompt',
      'cloister.session',
      'cloister.audit',
      `chat ${world.model}`,
      'cloister.audit',
      'invoke_workflow cloister.ask',
    ]);
    const [, retrieval, , , , , chat, audit] = all;
    expect(retrieval).toMatchObject({
      kind: 2,
      attributes: {
        'gen_ai.operation.name': 'retrieval',
        'gen_ai.data_source.id': 'notes',
        'db.response.returned_rows': 6,
      },
    });
    expect(chat).toMatchObject({
      kind: 2,
      status: { code: SpanStatusCode.UNSET },
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': world.model,
        'gen_ai.response.finish_reasons': ['stop'],
        'gen_ai.usage.output_tokens': expect.any(Number) as number,
      },
    });
    expect(audit?.attributes).toEqual({ 'cloister.audit.index': recorded.index });
    for (const { events, links } of all) expect([...events, ...links]).toEqual([]);
  });

  it('end with the code of what went wrong, and with no text of it', async () => {
    const { spans, finished } = openTelemetry();
    const tenant = await world.enter('cardiologist', await world.runtime({ spans }));
    const asked = tenant.ask('word '.repeat(20_000));
    await expect(asked.result()).rejects.toMatchObject({ name: 'CloisterError' });
    const failed = finished().filter(({ status }) => status.code === SpanStatusCode.ERROR);
    expect(failed.map(({ name }) => name)).toEqual(['retrieval notes', 'invoke_workflow cloister.ask']);
    for (const { status, attributes, events } of failed) {
      expect(status).toEqual({ code: SpanStatusCode.ERROR });
      expect(attributes['error.type']).toMatch(/^ERR_/);
      expect(events).toEqual([]);
    }
  });

  it('end when the reader goes away', async () => {
    const { spans, finished } = openTelemetry();
    const tenant = await world.enter('cardiologist', await world.runtime({ spans }));
    await tenant.ingest(hospitals[0]?.notes ?? []);
    for await (const _ of tenant.ask(question).textStream) break;
    expect(
      finished()
        .map(({ name }) => name)
        .slice(-2),
    ).toEqual([`chat ${world.model}`, 'invoke_workflow cloister.ask']);
  });

  it('pass the guard for the spans of others', async () => {
    const exporter = new InMemorySpanExporter();
    const guarded = guardSpanExporter<ReadableSpan, never>(exporter as never);
    const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: guarded as never })] });
    const spans = openTelemetrySpans({ provider });
    spans.register({ collection: ['notes'] });
    spans
      .start('retrieval', { 'gen_ai.data_source.id': 'notes', 'db.response.returned_rows': 3 })
      .end('ERR_AUDIT_EVENT');
    expect(exporter.getFinishedSpans()[0]?.attributes).toMatchObject({
      'gen_ai.operation.name': 'retrieval',
      'db.response.returned_rows': 3,
      'error.type': 'ERR_AUDIT_EVENT',
    });
  });
});

describe('content', () => {
  const SECRET = 'the patient has a secret';
  const tenant = createPseudonymizer(new Uint8Array(32).fill(1))('tenant', 'st-mary');

  it.each<[string, unknown]>([
    ['gen_ai.input.messages', SECRET],
    ['gen_ai.output.messages', [SECRET]],
    ['gen_ai.system_instructions', SECRET],
    ['gen_ai.request.stop_sequences', [SECRET]],
    ['gen_ai.request.model', SECRET],
    ['gen_ai.request.model', 'unregistered'],
    ['gen_ai.data_source.id', 'kowalski'],
    ['gen_ai.operation.name', SECRET],
    ['gen_ai.response.finish_reasons', ['stop', SECRET]],
    ['gen_ai.usage.input_tokens', SECRET],
    ['gen_ai.usage.input_tokens', 0.5],
    ['gen_ai.usage.input_tokens', -1],
    ['gen_ai.conversation.id', tenant],
    ['enduser.pseudo.id', 'dr-jones'],
    ['enduser.id', 'dr-jones'],
    ['error.type', 'ERR_THE_PATIENT_HAS_A_SECRET'],
    ['exception.message', SECRET],
    ['cloister.note', SECRET],
    [SECRET, 1],
    ['toString', SECRET],
    ['__proto__', { 'cloister.sources': SECRET }],
  ])('is left out: %s', (name, value) => {
    const { spans, finished } = openTelemetry();
    spans.register({ model: ['m'], collection: ['notes'] });
    const given = Object.defineProperty({ 'cloister.sources': 2 }, name, { value, enumerable: true });
    const span = spans.start('prompt', given as OwnSpanAttributes);
    span.set(given as OwnSpanAttributes);
    span.end();
    expect(finished()[0]?.attributes).toEqual({ 'cloister.sources': 2 });
    expect(finished()[0]?.name).toBe('cloister.prompt');
  });

  it('has no way to the raw span', () => {
    const { spans } = openTelemetry();
    expect(Object.keys(spans.start('ask', {}))).toEqual(['set', 'end']);
    expect(trace.getSpan(ROOT_CONTEXT)).toBeUndefined();
  });
});
