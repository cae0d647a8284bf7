import { canonicalJson, sha256, toHex } from '@cloister/core';
import type { AuditEvent, JsonValue } from '@cloister/core';
import type { ExportedEvent } from './to-otlp.ts';

/** An event of the Open Cybersecurity Schema Framework, version 1.9. */
export type OcsfEvent = Readonly<Record<string, JsonValue>>;

/** Turns events of one log, in order, into OCSF events that form a chain. */
export type OcsfExporter = (stored: ExportedEvent) => OcsfEvent;

// API Activity (class 6003 of category 6) with its activities; `99` is one that the schema does not name.
const CLASS = 6003;
const ACTIVITIES: Readonly<Partial<Record<AuditEvent['type'], number>>> = {
  ingest: 1,
  'retrieval.query': 2,
  'session.open': 1,
  'session.end': 4,
};
const STATUSES = {
  allow: [1, 'Success'],
  cancelled: [99, 'Cancelled'],
  deny: [2, 'Failure'],
  error: [2, 'Failure'],
} as const;
const SEVERITIES = { allow: 1, cancelled: 1, deny: 3, error: 4 } as const;

/**
 * An exporter to OCSF with the profile `record_integrity`: each event carries the SHA-256 of its own canonical form (RFC
 * 8785, without the fingerprint) and that of the event before it. The chain is the log's origin; the event's own leaf stays
 * recognisable under `unmapped`, so that a proof from the log covers what was exported.
 * @param origin the log's origin
 */
export function createOcsfExporter(origin: string): OcsfExporter {
  let previous: JsonValue | undefined;
  return (stored) => {
    const { event, index } = stored;
    const uid = `${origin}:${index}`;
    const chain: Record<string, JsonValue> = {
      uid,
      chain_uid: origin,
      authority_uid: origin,
      ...(previous === undefined ? {} : { prev_event: previous }),
    };
    const content = { ...describe(event, uid), attestation_list: [chain] };
    const fingerprint: Record<string, JsonValue> = {
      algorithm: 'SHA-256',
      algorithm_id: 3,
      encoding: 'Hex',
      encoding_id: 1,
      serialization: 'JCS',
      serialization_id: 2,
      value: toHex(sha256(canonicalJson(content))),
    };
    previous = { uid: event.id, type_uid: content.type_uid, fingerprint };
    return { ...content, attestation_list: [{ ...chain, fingerprint }] };
  };
}

function describe(event: AuditEvent, uid: string): Record<string, JsonValue> & { readonly type_uid: number } {
  const activity = ACTIVITIES[event.type] ?? 99;
  const [status_id, status] = STATUSES[event.outcome];
  const { tenant, actor, request } = event as Readonly<Record<'tenant' | 'actor' | 'request', string | undefined>>;
  return {
    activity_id: activity,
    ...(activity === 99 ? { activity_name: event.type } : {}),
    category_uid: 6,
    class_uid: CLASS,
    type_uid: CLASS * 100 + activity,
    severity_id: SEVERITIES[event.outcome],
    status_id,
    status,
    time: event.ts,
    metadata: {
      version: '1.9.0',
      uid: event.id,
      correlation_uid: request ?? uid,
      product: { name: 'Cloister', vendor_name: 'Cloister' },
      profiles: ['record_integrity'],
      ...(tenant === undefined ? {} : { tenant_uid: tenant }),
    },
    actor: { user: { uid: actor ?? 'cloister' } },
    api: { operation: event.type, service: { name: '@cloister/audit' } },
    src_endpoint: { name: 'cloister' },
    unmapped: { event: event as unknown as JsonValue },
  };
}
