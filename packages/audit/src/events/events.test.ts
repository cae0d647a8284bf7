import { canonicalJsonText, createErrors, fromUtf8, systemRandom, toHex, utf8 } from '@cloister/core';
import type { AuditEvent } from '@cloister/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createAuditEvent } from './create-audit-event.ts';
import type { AuditEventFields } from './create-audit-event.ts';
import { createLabelRegistry } from './create-label-registry.ts';
import { createPseudonymizer, referencePattern } from './create-pseudonymizer.ts';
import { createEventCodec } from './encode-event.ts';

const refer = createPseudonymizer(systemRandom(32));
const context = {
  tenant: refer('tenant', 'st-mary'),
  actor: refer('actor', 'dr-jones'),
  request: refer('request', 'r-1'),
} as const;
const session = refer('session', 's-1');
const hash = toHex(systemRandom(32));
const allow = { outcome: 'allow' } as const;
const code = 'ERR_TEST_AUDIT_EVENT';

/** One event of each type with every optional member. */
const EVENTS: readonly AuditEventFields[] = [
  {
    type: 'inference.begin', ...allow, ...context, session, model: 'llama-3.1-8b', evidence: hash, policy: hash, scope: 'session',
    label: 'restricted', stream: true, sources: 4, redactions: { EMAIL: 2, PERSON: 1 },
  },
  {
    type: 'inference.end', outcome: 'error', ...context, model: 'llama-3.1-8b', finish: 'stop', tokens: { input: 1, output: 2, cached: 0 },
    citations: { valid: 1, unknown: 0 }, ms: 10, firstMs: 3, receipt: hash, code,
  },
  {
    type: 'retrieval.query', ...allow, ...context, collection: 'notes', mode: 'sealed', limit: 5, scanned: 30, returned: 5,
    refusedByAcl: 1, refusedByStore: 0, rollback: 'not-detected', ms: 4, code,
  },
  { type: 'attestation.verify', ...allow, tee: 'tdx', simulated: true, verdict: 'accept', tcb: 'UpToDate', evidence: hash, policy: hash, ms: 9, code },
  { type: 'session.open', ...allow, ...context, session, scope: 'tenant' },
  { type: 'session.end', ...allow, ...context, session, reason: 'ended' },
  { type: 'isolation.prove', outcome: 'deny', verdict: 'failed', arms: 4, engine: hash, ms: 900, code },
  { type: 'ingest', ...allow, ...context, collection: 'notes', documents: 30, chunks: 60, skipped: 0, label: 'internal', ms: 100, code },
  { type: 'security.refused', outcome: 'deny', ...context, stage: 'retrieval', code },
  { type: 'audit.open', ...allow, size: 0, root: hash, key: '0011aabb', cutBytes: 0 },
  { type: 'audit.epoch', ...allow, epoch: 1, key: hash, size: 1, root: hash, certificate: hash + hash, evidence: hash },
]; // prettier-ignore

const registry = createLabelRegistry();
const codec = createEventCodec(registry);
const query = createAuditEvent(EVENTS[2] as AuditEventFields);
const refused = expect.objectContaining({ name: 'CloisterError', code: 'ERR_AUDIT_EVENT' });

beforeAll(() => {
  createErrors({ ERR_TEST_AUDIT_EVENT: { message: 'A test.', fix: 'None.' } });
  registry.register({ model: ['llama-3.1-8b'], collection: ['notes'], redaction: ['EMAIL', 'PERSON'] });
});

describe('events', () => {
  it.each(EVENTS.map((fields) => [fields.type, fields] as const))('%s goes in and out unchanged', (_type, fields) => {
    const event = createAuditEvent(fields);
    const bytes = codec.encode(event);
    expect(fromUtf8(bytes)).toBe(canonicalJsonText(event));
    expect(codec.decode(bytes)).toEqual(event);
    expect(createEventCodec().decode(bytes)).toEqual(event);
  });

  it('need only their required members', () => {
    const event = createAuditEvent({ type: 'security.refused', outcome: 'deny', stage: 'gateway', code });
    expect(codec.decode(codec.encode(event))).toEqual(event);
  });

  it('get the time and a ULID that sorts by it', () => {
    const random = (length: number): Uint8Array => new Uint8Array(length).fill(255);
    const at = (ts: number): AuditEvent =>
      createAuditEvent(EVENTS[2] as AuditEventFields, { clock: { now: () => ts }, random });
    // The example of the ULID specification has this time part.
    expect(at(1469918176385).id.slice(0, 10)).toBe('01ARYZ6S41');
    expect(at(0).id).toBe('0000000000ZZZZZZZZZZZZZZZZ');
    expect(at(2 ** 48 - 1).id).toBe('7ZZZZZZZZZZZZZZZZZZZZZZZZZ');
    expect(at(5)).toMatchObject({ v: 1, ts: 5 });
  });

  it('get ids that differ, many in a millisecond', () => {
    const ids = Array.from({ length: 2000 }, () => createAuditEvent(EVENTS[2] as AuditEventFields).id);
    expect(new Set(ids.map((id) => id.slice(10))).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
  });
});

/** Changes that a careless or hostile caller might make; none may reach the log. */
const HOSTILE: readonly (readonly [string, unknown])[] = [
  ['nothing', undefined],
  ['a text', 'patient has diabetes'],
  ['an array', [query]],
  ['an unknown type', { ...query, type: 'prompt' }],
  ['an unknown member', { ...query, question: 'text' }],
  ['an unknown nested member', { ...createAuditEvent(EVENTS[1] as AuditEventFields), tokens: { input: 1, output: 1, text: 'x' } }],
  ['a member of another type', { ...query, receipt: hash }],
  ['a missing member', { ...query, ms: undefined }],
  ['a raw tenant name', { ...query, tenant: 'st-mary' }],
  ['a reference of another kind', { ...query, tenant: context.actor }],
  ['an unregistered collection', { ...query, collection: 'patient-jones-has-cancer' }],
  ['text for a collection', { ...query, collection: 'a b' }],
  ['an undeclared code', { ...query, code: 'ERR_PATIENT_HAS_CANCER' }],
  ['text for a code', { ...query, code: 'oops' }],
  ['a fraction', { ...query, ms: 0.5 }],
  ['a negative count', { ...query, returned: -1 }],
  ['an unsafe integer', { ...query, scanned: 2 ** 53 }],
  ['a number as text', { ...query, ms: '3' }],
  ['an upper-case digest', { ...createAuditEvent(EVENTS[1] as AuditEventFields), receipt: hash.toUpperCase().replace(/^./, 'A') }],
  ['an unregistered redaction', { ...createAuditEvent(EVENTS[0] as AuditEventFields), redactions: { Jones: 1 } }],
  ['a prototype as redaction', { ...createAuditEvent(EVENTS[0] as AuditEventFields), redactions: JSON.parse('{"__proto__": 1}') }],
  ['another version', { ...query, v: 2 }],
  ['an id that is none', { ...query, id: '8ZZZZZZZZZZZZZZZZZZZZZZZZZ' }],
  ['toJSON', { ...query, toJSON: () => 'text' }],
  ['a symbol', { ...query, [Symbol('text')]: 'text' }],
  ['a hidden member', Object.defineProperty({ ...query }, 'question', { value: 'text' })],
  ['an accessor', Object.defineProperty({ ...query }, 'ms', { get: () => 3, enumerable: true })],
  ['an heir', Object.create(query)],
  ['an error', Object.assign(new Error('patient has diabetes'), query)],
  ['a throwing proxy', new Proxy({ ...query }, { ownKeys: () => { throw new Error('text'); } })],
  ['__proto__', JSON.parse(`{"__proto__": "text", ${JSON.stringify(query).slice(1)}`)],
]; // prettier-ignore

describe('the allow-list', () => {
  it.each(HOSTILE)('refuses %s, and says nothing about it', (_name, event) => {
    const error = thrownBy(() => codec.encode(event as AuditEvent));
    expect(error).toEqual(refused);
    expect(`${String(error)}${(error as Error).stack}${String((error as Error).cause)}`).not.toMatch(
      /diabetes|cancer|jones/i,
    );
  });

  it('accepts the event that the refused ones were made from (control)', () => {
    expect(codec.encode(query)).toBeInstanceOf(Uint8Array);
  });

  it('decodes only what it would encode', () => {
    const text = fromUtf8(codec.encode(query));
    for (const changed of [
      text.replace('{', '{ '),
      text.replace('"v":1', '"v":1.0'),
      text.replace('}', ',"z":1}'),
      `${text}\n`,
      '',
      '{}',
    ]) {
      expect(() => codec.decode(utf8(changed))).toThrow(refused);
    }
  });

  it('refuses a label that nobody registered, and registers only names', () => {
    const fresh = createLabelRegistry();
    expect(() => createEventCodec(fresh).encode(query)).toThrow(refused);
    for (const name of ['', 'two words', 'x'.repeat(129), 'a\n', 'é', '__proto__']) {
      expect(() => fresh.register({ model: [name] })).toThrow('not registered');
    }
    expect(() => fresh.register({ model: Array.from({ length: 1025 }, (_, index) => `m${index}`) })).toThrow(
      'not registered',
    );
  });
});

describe('createPseudonymizer', () => {
  it('is deterministic, keyed and separates kinds', () => {
    const key = systemRandom(32);
    const [one, two, other] = [
      createPseudonymizer(key),
      createPseudonymizer(key),
      createPseudonymizer(systemRandom(32)),
    ];
    expect(one('actor', 'jones')).toBe(two('actor', 'jones'));
    expect(new Set([one('actor', 'jones'), other('actor', 'jones'), one('actor', 'smith')]).size).toBe(3);
    expect(one('actor', 'x').slice(4)).not.toBe(one('tenant', 'x').slice(4));
  });

  it('keeps nothing of the value and always fits the pattern', () => {
    for (const value of ['', 'jones', 'x'.repeat(5000), '\u{1F600}']) {
      expect(refer('session', value)).toMatch(referencePattern('session'));
    }
    expect(refer('actor', 'jones')).not.toContain('jones');
  });

  it('copies the key and refuses a short one', () => {
    const key = systemRandom(32);
    const keyed = createPseudonymizer(key);
    const before = keyed('actor', 'jones');
    key.fill(0);
    expect(keyed('actor', 'jones')).toBe(before);
    expect(() => createPseudonymizer(new Uint8Array(31))).toThrow('Ed25519');
  });
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}
