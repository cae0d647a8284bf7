import type { AuditEvent } from '@cloister/core';

/** One event and its place in the log. */
export interface ExportedEvent {
  readonly index: number;
  readonly event: AuditEvent;
}

/** A value of an attribute in the OTLP/JSON encoding. */
type OtlpValue = { readonly stringValue: string } | { readonly intValue: string } | { readonly boolValue: boolean };

/** A log record in the OTLP/JSON encoding; it has no body. */
export interface OtlpLogRecord {
  readonly timeUnixNano: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly eventName: string;
  readonly attributes: readonly { readonly key: string; readonly value: OtlpValue }[];
}

const SEVERITIES = {
  allow: [9, 'INFO'],
  cancelled: [9, 'INFO'],
  deny: [13, 'WARN'],
  error: [17, 'ERROR'],
} as const;

/** An event as an OpenTelemetry log record: one attribute for each member, nested ones joined by a dot. */
export function toOtlpRecord({ index, event }: ExportedEvent): OtlpLogRecord {
  const [severityNumber, severityText] = SEVERITIES[event.outcome];
  const { type, ts, ...members } = event;
  return {
    timeUnixNano: `${ts}000000`,
    severityNumber,
    severityText,
    eventName: `cloister.${type}`,
    attributes: flatten('cloister.audit', { index, ...members }),
  };
}

/** Log records as the document that an OTLP/HTTP endpoint takes (`ExportLogsServiceRequest`). */
export function toOtlpLogs(events: readonly ExportedEvent[]): object {
  const resource = { attributes: flatten('service', { name: 'cloister' }) };
  const scopeLogs = [{ scope: { name: '@cloister/audit' }, logRecords: events.map(toOtlpRecord) }];
  return { resourceLogs: [{ resource, scopeLogs }] };
}

function flatten(prefix: string, members: object): { readonly key: string; readonly value: OtlpValue }[] {
  return Object.entries(members).flatMap(([name, value]: [string, unknown]) => {
    const key = `${prefix}.${name}`;
    if (typeof value === 'object' && value !== null) return flatten(key, value);
    if (typeof value === 'number') return [{ key, value: { intValue: String(value) } }];
    return [{ key, value: typeof value === 'boolean' ? { boolValue: value } : { stringValue: String(value) } }];
  });
}
