import {
  createAuditEvent,
  createOcsfExporter,
  createPseudonymizer,
  toOtlpLogs,
  type AuditEventFields,
} from '@cloister/audit';
import { canonicalJson, sha256, toHex, type AuditEvent, type JsonValue } from '@cloister/core';
import { describe, expect, it } from 'vitest';

// What the two formats demand, written down from their own definitions: OCSF 1.9.0 (class API Activity with the profile
// record_integrity, its objects and enumerations) and the JSON encoding of OTLP logs.

const refer = createPseudonymizer(new Uint8Array(32).fill(3));
const context = { tenant: refer('tenant', 'a'), actor: refer('actor', 'b'), request: refer('request', 'c') };
const hash = 'ab'.repeat(32);
const FIELDS = [
  { type: 'inference.begin', outcome: 'allow', ...context, model: 'm', evidence: hash, policy: hash, scope: 'session', label: 'restricted', stream: true, sources: 1, redactions: { EMAIL: 2 } },
  { type: 'inference.end', outcome: 'cancelled', ...context, model: 'm', finish: 'cancelled', tokens: { input: 1, output: 2 }, citations: { valid: 0, unknown: 0 }, ms: 5 },
  { type: 'retrieval.query', outcome: 'allow', ...context, collection: 'notes', mode: 'sealed', limit: 5, scanned: 9, returned: 5, refusedByAcl: 0, refusedByStore: 0, rollback: 'checked', ms: 3 },
  { type: 'session.open', outcome: 'allow', ...context, session: refer('session', 'd'), scope: 'session' },
  { type: 'session.end', outcome: 'allow', ...context, session: refer('session', 'd'), reason: 'ended' },
  { type: 'ingest', outcome: 'allow', ...context, collection: 'notes', documents: 1, chunks: 2, skipped: 0, label: 'internal', ms: 4 },
  { type: 'attestation.verify', outcome: 'error', tee: 'tdx', simulated: true, verdict: 'reject', ms: 7, code: 'ERR_AUDIT_EVENT' },
  { type: 'security.refused', outcome: 'deny', stage: 'audit', code: 'ERR_AUDIT_EVENT' },
  { type: 'audit.open', outcome: 'allow', size: 0, root: hash, key: '0011aabb', cutBytes: 0 },
] as unknown as readonly AuditEventFields[]; // prettier-ignore
const events: readonly AuditEvent[] = FIELDS.map((fields) => createAuditEvent(fields));

type Members = Readonly<Record<string, unknown>>;
const members = (value: unknown): Members => value as Members;
const text = expect.stringMatching(/^.+$/) as string;

describe('OCSF 1.9', () => {
  const convert = createOcsfExporter('hospital.example/audit');
  const exported = events.map((event, index) => convert({ index, event }));

  it.each(exported.map((event, index) => [events[index]?.type ?? '', event]))('%s is an API Activity', (_, event) => {
    // Required of every event, and of the class.
    expect(event).toMatchObject({
      category_uid: 6,
      class_uid: 6003,
      metadata: {
        version: '1.9.0',
        product: { name: text, vendor_name: text },
        profiles: ['record_integrity'],
        uid: text,
      },
      actor: { user: { uid: text } },
      api: { operation: text },
      src_endpoint: { name: text },
      time: expect.any(Number) as number,
    });
    const { activity_id, type_uid, severity_id, status_id } = event;
    expect([1, 2, 3, 4, 99]).toContain(activity_id);
    expect(type_uid).toBe(6003 * 100 + Number(activity_id));
    expect([1, 2, 3, 4, 5, 6]).toContain(severity_id);
    expect([0, 1, 2, 99]).toContain(status_id);
    // A normalized id of 99 needs its sibling text.
    if (activity_id === 99) expect(event['activity_name']).toEqual(text);
    if (status_id === 99) expect(event['status']).toEqual(text);
  });

  it('links each event to the one before by the digest of its canonical form (record_integrity)', () => {
    let previous: unknown;
    for (const event of exported) {
      const [attestation] = event['attestation_list'] as readonly Members[];
      const { fingerprint, ...chain } = attestation ?? {};
      expect(chain['prev_event']).toEqual(previous);
      expect(chain).toMatchObject({ uid: text, authority_uid: text, chain_uid: 'hospital.example/audit' });
      // The digest covers the whole event with the attestation, and without fingerprint and signatures.
      const digest = toHex(sha256(canonicalJson({ ...event, attestation_list: [chain] } as JsonValue)));
      expect(fingerprint).toMatchObject({
        algorithm_id: 3,
        algorithm: 'SHA-256',
        encoding_id: 1,
        serialization_id: 2,
        value: digest,
      });
      previous = { uid: members(event['metadata'])['uid'], type_uid: event['type_uid'], fingerprint };
    }
    const ids = exported.map((event) => members((event['attestation_list'] as Members[])[0])['uid']);
    expect(new Set(ids).size).toBe(exported.length);
  });

  it('notices a changed, dropped or reordered event', () => {
    const holds = (chain: readonly Members[]): boolean =>
      chain.every((event, index) => {
        const { fingerprint, ...rest } = (event['attestation_list'] as Members[])[0] ?? {};
        const digest = toHex(sha256(canonicalJson({ ...event, attestation_list: [rest] } as JsonValue)));
        const before = members((chain[index - 1]?.['attestation_list'] as Members[] | undefined)?.[0] ?? {});
        const linked = members(rest['prev_event'] ?? {})['fingerprint'];
        return (
          members(fingerprint)['value'] === digest && JSON.stringify(linked) === JSON.stringify(before['fingerprint'])
        );
      });
    expect(holds(exported)).toBe(true);
    expect(holds(exported.map((event, index) => (index === 4 ? { ...event, severity_id: 2 } : event)))).toBe(false);
    expect(holds(exported.toSpliced(4, 1))).toBe(false);
    expect(holds(exported.toSpliced(3, 2, ...exported.slice(3, 5).toReversed()))).toBe(false);
  });
});

describe('OTLP logs', () => {
  interface Attribute {
    readonly key: string;
    readonly value: Members;
  }
  const document = toOtlpLogs(events.map((event, index) => ({ index, event }))) as {
    readonly resourceLogs: readonly {
      readonly resource: { readonly attributes: readonly Attribute[] };
      readonly scopeLogs: readonly {
        readonly scope: { readonly name: string };
        readonly logRecords: readonly Members[];
      }[];
    }[];
  };

  /** Each value is one of the kinds of AnyValue; 64-bit numbers are texts in JSON. */
  function expectAttributes(attributes: readonly Attribute[]): void {
    expect(new Set(attributes.map(({ key }) => key)).size).toBe(attributes.length);
    for (const { key, value } of attributes) {
      expect(key).toMatch(/^[a-z]+(?:\.\w+)+$/);
      const [kind] = Object.keys(value);
      expect(Object.keys(value)).toHaveLength(1);
      expect(['stringValue', 'intValue', 'boolValue']).toContain(kind);
      if (kind === 'intValue') expect(value[kind]).toMatch(/^(?:0|[1-9][0-9]*)$/);
      else expect(typeof value[kind ?? '']).toBe(kind === 'boolValue' ? 'boolean' : 'string');
    }
  }

  it('are an export request: resource, scope, records', () => {
    expect(Object.keys(document)).toEqual(['resourceLogs']);
    const [resourceLogs] = document.resourceLogs;
    expectAttributes(resourceLogs?.resource.attributes ?? []);
    expect(resourceLogs?.resource.attributes).toContainEqual({
      key: 'service.name',
      value: { stringValue: 'cloister' },
    });
    expect(resourceLogs?.scopeLogs[0]?.scope.name).toBe('@cloister/audit');
    expect(resourceLogs?.scopeLogs[0]?.logRecords).toHaveLength(events.length);
  });

  it.each(events.map((event, index) => [event.type, index]))('%s is a record without a body', (type, index) => {
    const record = members(document.resourceLogs[0]?.scopeLogs[0]?.logRecords[index]);
    const known = ['timeUnixNano', 'severityNumber', 'severityText', 'eventName', 'attributes'];
    expect(Object.keys(record).toSorted()).toEqual(known.toSorted());
    expect(record['timeUnixNano']).toMatch(/^[0-9]{19}$/);
    expect([[9, 'INFO'], [13, 'WARN'], [17, 'ERROR']]).toContainEqual([record['severityNumber'], record['severityText']]); // prettier-ignore
    expect(record['eventName']).toBe(`cloister.${type}`);
    expectAttributes(record['attributes'] as readonly Attribute[]);
  });
});
