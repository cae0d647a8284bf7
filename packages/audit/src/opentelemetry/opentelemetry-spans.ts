import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Context, TracerProvider } from '@opentelemetry/api';
import type { ErrorCode } from '@cloister/core';
import { createLabelRegistry } from '../events/create-label-registry.ts';
import { selectOwnAttributes } from '../telemetry/own-attributes.ts';
import type { OwnSpanAttributes } from '../telemetry/own-attributes.ts';
import type { OwnSpan, OwnSpanName, SpanSink } from '../telemetry/span-sink.ts';

interface Form {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes?: OwnSpanAttributes;
  /** The attribute that ends the name, as the conventions have it. */
  readonly subject?: 'gen_ai.request.model' | 'gen_ai.data_source.id';
}

const { INTERNAL, CLIENT } = SpanKind;
const FORMS: Readonly<Record<OwnSpanName, Form>> = {
  ask: {
    name: 'invoke_workflow cloister.ask',
    kind: INTERNAL,
    attributes: { 'gen_ai.operation.name': 'invoke_workflow' },
  },
  evidence: { name: 'cloister.evidence', kind: INTERNAL },
  retrieval: {
    name: 'retrieval',
    kind: CLIENT,
    attributes: { 'gen_ai.operation.name': 'retrieval' },
    subject: 'gen_ai.data_source.id',
  },
  redaction: { name: 'cloister.redaction', kind: INTERNAL },
  prompt: { name: 'cloister.prompt', kind: INTERNAL },
  session: { name: 'cloister.session', kind: INTERNAL },
  chat: {
    name: 'chat',
    kind: CLIENT,
    attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'vllm' },
    subject: 'gen_ai.request.model',
  },
  audit: { name: 'cloister.audit', kind: INTERNAL },
};

/**
 * Spans of OpenTelemetry from an allow-list with typed keys: the raw span never leaves this function, so nothing can put
 * content into one. No events, no exceptions, no links; baggage is neither read nor written. Without an SDK it does nothing.
 * @param options.provider the global one unless given
 */
export function openTelemetrySpans(options: { readonly provider?: TracerProvider } = {}): SpanSink {
  const registry = createLabelRegistry();
  const tracer = (options.provider ?? trace).getTracer('@cloister/audit');
  const contexts = new WeakMap<OwnSpan, Context>();

  function start(name: OwnSpanName, given: OwnSpanAttributes, parent?: OwnSpan): OwnSpan {
    const form = FORMS[name];
    const attributes = { ...form.attributes, ...selectOwnAttributes(given, registry) };
    const subject = form.subject === undefined ? undefined : attributes[form.subject];
    const above = (parent === undefined ? undefined : contexts.get(parent)) ?? context.active();
    const title = subject === undefined ? form.name : `${form.name} ${subject}`;
    const raw = tracer.startSpan(title, { kind: form.kind, attributes: toAttributes(attributes) }, above);
    const span: OwnSpan = {
      set: (more) => void raw.setAttributes(toAttributes(selectOwnAttributes(more, registry))),
      end(error?: ErrorCode) {
        if (error !== undefined) {
          raw.setAttributes(toAttributes(selectOwnAttributes({ 'error.type': error }, registry)));
          raw.setStatus({ code: SpanStatusCode.ERROR });
        }
        raw.end();
      },
    };
    contexts.set(span, trace.setSpan(above, raw));
    return span;
  }

  return { register: (labels) => registry.register(labels), start };
}

/** The same members as OpenTelemetry's type has them. */
function toAttributes(attributes: OwnSpanAttributes): Record<string, string | number | boolean | string[]> {
  return { ...attributes } as Record<string, string | number | boolean | string[]>;
}
