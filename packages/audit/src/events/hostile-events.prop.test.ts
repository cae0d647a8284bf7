import type { AuditEvent } from '@cloister/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAuditEvent } from './create-audit-event.ts';
import { createLabelRegistry } from './create-label-registry.ts';
import { createEventCodec } from './encode-event.ts';

const registry = createLabelRegistry();
registry.register({ model: ['m'], collection: ['notes'], redaction: ['EMAIL'] });
const codec = createEventCodec(registry);

const SECRET = 'the patient has a secret';
const HEX = 'ab'.repeat(32);
const reference = (prefix: string): string => `${prefix}_${'A'.repeat(21)}Q`;

/** One honest event of each kind, as plain data. */
const honest: readonly Record<string, unknown>[] = [
  {
    type: 'inference.begin',
    model: 'm',
    evidence: HEX,
    policy: HEX,
    session: reference('ses'),
    scope: 'session',
    label: 'restricted',
    stream: true,
    sources: 2,
    redactions: { EMAIL: 1 },
  },
  {
    type: 'inference.end',
    model: 'm',
    finish: 'stop',
    tokens: { input: 1, output: 2 },
    citations: { valid: 1, unknown: 0 },
    ms: 1,
    code: 'ERR_AUDIT_EVENT',
  },
  { type: 'session.open', session: reference('ses'), scope: 'user' },
  { type: 'session.end', session: reference('ses'), reason: 'ended' },
  { type: 'ingest', collection: 'notes', documents: 1, chunks: 1, skipped: 0, label: 'public', ms: 1 },
  { type: 'security.refused', stage: 'audit', code: 'ERR_AUDIT_EVENT' },
].map((fields) => {
  const context = { tenant: reference('ten'), actor: reference('act'), request: reference('req') };
  return createAuditEvent({ outcome: 'allow', ...context, ...fields } as never) as unknown as Record<string, unknown>;
});

const copy = (event: Record<string, unknown>): Record<string, unknown> => structuredClone(event);

/** Ways to bring a text into an event, each at a member of the event's own or one that it does not have. */
const attacks: Readonly<Record<string, (event: Record<string, unknown>, name: string, text: string) => unknown>> = {
  'a cast': (event, name, text) => ({ ...event, [name]: ` ${text}` }),
  'a new member': (event, name, text) => ({ ...event, [`${name}2`]: text }),
  'a member named by the text': (event, _, text) => ({ ...event, [`${text} `]: 1 }),
  'an accessor': (event, name) => Object.defineProperty(event, name, { get: () => event[name], enumerable: true }),
  'an accessor that changes': (event, name, text) => {
    const value = event[name];
    let calls = 0;
    return Object.defineProperty(event, name, { get: () => (calls++ < 2 ? value : text), enumerable: true });
  },
  toJSON: (event, _, text) => ({ ...event, toJSON: () => text }),
  'toJSON out of sight': (event, _, text) => Object.defineProperty(event, 'toJSON', { value: () => text }),
  'toJSON of a member': (event, name, text) => ({ ...event, [name]: { toJSON: () => text } }),
  'a prototype': (event, _, text) => Object.setPrototypeOf(event, { note: text }) as unknown,
  'a member on a prototype': (event, name) => {
    const { [name]: value, ...rest } = event;
    return Object.setPrototypeOf(rest, { [name]: value }) as unknown;
  },
  'the key __proto__': (event, _, text) => Object.defineProperty(event, '__proto__', { value: text, enumerable: true }),
  'the key constructor': (event, _, text) => ({ ...event, constructor: text }),
  'a symbol': (event, _, text) => ({ ...event, [Symbol(text)]: text }),
  'a member out of sight': (event, name, text) => Object.defineProperty(event, `${name}2`, { value: text }),
  'an error': (event, name, text) => ({ ...event, [name]: new Error(text) }),
  'an error with a cause': (event, _, text) => ({ ...event, error: new Error('x', { cause: new Error(text) }) }),
  'an error as the event': (event, _, text) => Object.assign(new Error(text, { cause: event }), event),
  'a proxy of a text': (event, name, text) => ({ ...event, [name]: new Proxy(Object(text) as object, {}) }),
  'a proxy that lies': (event, name, text) =>
    new Proxy(event, {
      ownKeys: (target) => [...Reflect.ownKeys(target), `${name}2`],
      getOwnPropertyDescriptor: (target, key) =>
        Reflect.getOwnPropertyDescriptor(target, key) ?? { value: text, enumerable: true, configurable: true },
    }),
  'a proxy that throws': (event, _, text) =>
    new Proxy(event, {
      ownKeys() {
        throw new Error(text);
      },
    }),
  'a class': (event) => Object.assign(new (class Event {})(), event),
  'an array': (event, name, text) => ({ ...event, [name]: [text] }),
  'a wrapped text': (event, name, text) => ({ ...event, [name]: Object(text) as unknown }),
  'a function': (event, name, text) => ({ ...event, [name]: () => text }),
  'a date': (event, name) => ({ ...event, [name]: new Date() }),
  'a map': (event, name, text) => ({ ...event, [name]: new Map([[text, text]]) }),
  bytes: (event, name, text) => ({ ...event, [name]: Buffer.from(text) }),
  'a fraction': (event, name) => ({ ...event, [name]: 0.5 }),
  nothing: (event, name) => ({ ...event, [name]: null }),
  'an undefined member': (event, name) => ({ ...event, [`${name}2`]: undefined }),
  'a lone surrogate': (event, name) => ({ ...event, [name]: '\ud800' }),
  'an unregistered name': (event, _, text) => ({ ...event, model: text.replaceAll(/[^a-z]/g, ''), collection: 'x' }),
  'an undeclared code': (event) => ({ ...event, code: 'ERR_THE_PATIENT_HAS_A_SECRET' }),
};

describe('hostile inputs to the event types', () => {
  it('accepts the honest ones: the control', () => {
    for (const event of honest) expect(codec.encode(event as unknown as AuditEvent).length).toBeGreaterThan(0);
  });

  it('are refused, all of 10,000, and the error repeats nothing', () => {
    const text = fc.oneof(
      fc.constant(SECRET),
      fc.string({ minLength: 1 }).map((part) => `${SECRET} ${part}`),
    );
    const input = fc.record({
      event: fc.constantFrom(...honest),
      attack: fc.constantFrom(...Object.keys(attacks)),
      place: fc.nat(),
      text,
    });
    let tried = 0;
    fc.assert(
      fc.property(input, ({ event, attack, place, text: secret }) => {
        const names = Object.keys(event);
        const name = names[place % names.length] ?? 'type';
        const hostile = attacks[attack]?.(copy(event), name, secret) as AuditEvent;
        tried += 1;
        try {
          codec.encode(hostile);
        } catch (error) {
          const { code, message, cause, stack } = error as Error & { code: string };
          return code === 'ERR_AUDIT_EVENT' && cause === undefined && !`${message}${stack}`.includes(SECRET);
        }
        return false;
      }),
      { numRuns: 10_000 },
    );
    expect(tried).toBe(10_000);
  });
});
