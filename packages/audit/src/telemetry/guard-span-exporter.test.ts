import { describe, expect, it } from 'vitest';
import { guardSpanExporter, type GuardedSpan } from './guard-span-exporter.ts';

const SECRET = 'the patient has a secret';

/** A span as an instrumentation that captures content makes it: the secret is wherever a text can be. */
function leakySpan(): GuardedSpan {
  const context = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1, traceState: { text: SECRET } };
  return {
    name: `chat ${SECRET}`,
    kind: 2,
    startTime: [1, 2],
    endTime: [1, 3],
    duration: [0, 1],
    ended: true,
    attributes: {
      'gen_ai.request.model': 'm',
      'gen_ai.usage.input_tokens': 7,
      'gen_ai.usage.output_tokens': SECRET,
      'gen_ai.response.model': SECRET,
      'gen_ai.input.messages': SECRET,
      'gen_ai.request.stop_sequences': [SECRET],
      'gen_ai.response.finish_reasons': ['stop', SECRET],
      'db.query.text': SECRET,
      [SECRET]: 1,
      __proto__x: SECRET,
      toString: SECRET,
    },
    events: [{ name: 'exception', attributes: { 'exception.message': SECRET } }],
    links: [{ context, attributes: { note: SECRET } }],
    status: { code: 2, message: SECRET },
    parentSpanContext: context,
    spanContext: () => context,
    resource: { attributes: { 'service.name': 'hospital', 'process.command_args': SECRET } },
    instrumentationScope: { name: SECRET, version: '1.0.0', schemaUrl: SECRET },
    [SECRET]: SECRET,
  } as unknown as GuardedSpan;
}

describe('guardSpanExporter', () => {
  it('lets what is on the list pass and nothing else, wherever it stands', () => {
    const exported: GuardedSpan[] = [];
    let dropped = 0;
    const exporter = {
      export: (spans: GuardedSpan[], done: (result: number) => void) => (exported.push(...spans), done(0)),
      shutdown: async () => undefined,
    };
    const guard = guardSpanExporter(exporter, (count) => (dropped += count));
    let result = -1;
    guard.export([leakySpan()], (code) => (result = code));
    expect(result).toBe(0);
    const [span] = exported;
    const text = JSON.stringify([span, span?.spanContext()]);
    expect(text).not.toContain(SECRET);
    expect(JSON.stringify([leakySpan(), leakySpan().spanContext()])).toContain(SECRET);
    expect(span?.attributes).toEqual({ 'gen_ai.request.model': 'm', 'gen_ai.usage.input_tokens': 7 });
    expect(span).toMatchObject({
      name: 'span',
      status: { code: 2 },
      resource: { attributes: { 'service.name': 'hospital' } },
      instrumentationScope: { name: 'unknown', version: '1.0.0' },
    });
    expect(dropped).toBe(10);
  });

  it('leaves the span of the other processors as it is', () => {
    const span = leakySpan();
    guardSpanExporter({ export: () => undefined, shutdown: async () => undefined }).export([span], () => undefined);
    expect(span.name).toBe(`chat ${SECRET}`);
  });
});
