import { isWord, selectAttributes } from './span-attributes.ts';

type Attributes = Readonly<Record<string, unknown>>;

interface SpanContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  readonly isRemote?: boolean;
}

/** A finished span, as far as the guard looks at it: `ReadableSpan` of OpenTelemetry's SDK has this form. */
export interface GuardedSpan {
  readonly name: string;
  readonly attributes: Attributes;
  readonly events: readonly unknown[];
  readonly links: readonly { readonly context: SpanContext; readonly attributes?: Attributes }[];
  readonly status: { readonly code: number; readonly message?: string };
  readonly parentSpanContext?: SpanContext | undefined;
  spanContext(): SpanContext;
}

/** Where spans go: `SpanExporter` of OpenTelemetry's SDK has this form. */
export interface GuardedExporter<Span, Result> {
  export(spans: Span[], done: (result: Result) => void): void;
  shutdown(): Promise<void>;
  forceFlush?(): Promise<void>;
}

/**
 * Stands in front of an exporter, so that other people's instrumentation cannot send content: attributes by an allow-list,
 * names and scopes only where they are single words, no events, no texts of errors, no trace state. It covers the whole
 * span, because prompts also travel in names, statuses, exceptions and links; what it does not know does not pass.
 * @param onDropped called with the number of attributes and events that did not pass, for each batch
 */
export function guardSpanExporter<Span extends GuardedSpan, Result>(
  exporter: GuardedExporter<Span, Result>,
  onDropped?: (count: number) => void,
): GuardedExporter<Span, Result> {
  return {
    export(spans, done) {
      const guarded = spans.map((span) => guardSpan(span));
      onDropped?.(guarded.reduce((sum, { dropped }) => sum + dropped, 0));
      exporter.export(
        guarded.map(({ span }) => span as unknown as Span),
        done,
      );
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

/** Members that hold times, counts and kinds. */
const PLAIN = ['kind', 'startTime', 'endTime', 'duration', 'ended'] as const;

function guardSpan(span: GuardedSpan): { readonly span: GuardedSpan; readonly dropped: number } {
  const source = span as unknown as Readonly<Record<string, unknown>>;
  const attributes = selectAttributes(span.attributes);
  const droppedAttributes = Object.keys(span.attributes).length - Object.keys(attributes).length;
  const context = stripContext(span.spanContext());
  const scope = source['instrumentationScope'] as { readonly name?: unknown; readonly version?: unknown } | undefined;
  const resource = source['resource'] as { readonly attributes?: Attributes } | undefined;
  const kept = Object.fromEntries(PLAIN.map((name) => [name, source[name]]));
  const guarded = {
    ...kept,
    name: isWord(span.name) ? span.name : 'span',
    attributes: { ...attributes },
    events: [],
    links: span.links.map((link) => ({ context: stripContext(link.context), attributes: {} })),
    status: { code: span.status.code },
    ...(span.parentSpanContext === undefined ? {} : { parentSpanContext: stripContext(span.parentSpanContext) }),
    spanContext: () => context,
    resource: { attributes: selectAttributes(resource?.attributes ?? {}) },
    instrumentationScope: {
      name: isWord(scope?.name) ? scope.name : 'unknown',
      ...(isWord(scope?.version) ? { version: scope.version } : {}),
    },
    droppedAttributesCount: droppedAttributes,
    droppedEventsCount: span.events.length,
    droppedLinksCount: 0,
  };
  return { span: guarded, dropped: droppedAttributes + span.events.length };
}

function stripContext({ traceId, spanId, traceFlags, isRemote }: SpanContext): SpanContext {
  return { traceId, spanId, traceFlags, ...(isRemote === undefined ? {} : { isRemote }) };
}
