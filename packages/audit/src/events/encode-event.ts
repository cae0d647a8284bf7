import { equalBytes, parseJson, utf8 } from '@cloister/core';
import type { AuditEvent } from '@cloister/core';
import type * as z from 'zod';
import { auditError } from '../errors.ts';
import type { LabelRegistry } from './create-label-registry.ts';
import { createEventSchema } from './event-schema.ts';
import { writeEvent } from './write-event.ts';

/** The longest event, in bytes. */
export const MAX_EVENT_LENGTH = 2048;

/** Checks events and turns them into the bytes of a leaf, and back. */
export interface EventCodec {
  /**
   * The canonical JSON (RFC 8785) of an event, at most 2048 bytes. What is encoded is the checker's own copy, never the
   * caller's object.
   * @throws CloisterError `ERR_AUDIT_EVENT`
   */
  encode(event: AuditEvent): Uint8Array;
  /**
   * The event of a leaf; the bytes must be exactly what `encode` gives.
   * @throws CloisterError `ERR_AUDIT_EVENT`
   */
  decode(bytes: Uint8Array): AuditEvent;
}

/** A codec that lets only registered labels pass, or, without a registry, labels of the right form. */
export function createEventCodec(registry?: LabelRegistry): EventCodec {
  const schema = createEventSchema(registry);
  return {
    encode: (event) => encodeEvent(event, schema),
    decode: (bytes) => decodeEvent(bytes, schema),
  };
}

function encodeEvent(event: unknown, schema: z.ZodType<AuditEvent>): Uint8Array {
  const data = attempt(() => (isPlainData(event, 4) ? schema.safeParse(event).data : undefined));
  if (data === undefined) throw auditError('ERR_AUDIT_EVENT');
  const bytes = utf8(writeEvent(data));
  if (bytes.length > MAX_EVENT_LENGTH) throw auditError('ERR_AUDIT_EVENT');
  return bytes;
}

function decodeEvent(bytes: Uint8Array, schema: z.ZodType<AuditEvent>): AuditEvent {
  const value = attempt(() => parseJson(bytes, { maxBytes: MAX_EVENT_LENGTH, maxDepth: 4 }));
  const { data } = schema.safeParse(value);
  if (data === undefined || !equalBytes(utf8(writeEvent(data)), bytes)) throw auditError('ERR_AUDIT_EVENT');
  return data;
}

/** Whether a value is made of own, enumerable, plain data members only: no accessor, class instance or symbol. May throw. */
function isPlainData(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'function' && typeof value !== 'symbol';
  if (depth === 0 || Object.getPrototypeOf(value) !== Object.prototype) return false;
  // Two calls: the one for all keys takes ten times as long as both.
  if (Object.getOwnPropertySymbols(value).length > 0) return false;
  for (const name of Object.getOwnPropertyNames(value)) {
    const member = Object.getOwnPropertyDescriptor(value, name);
    const plain = name !== '__proto__' && member?.enumerable === true && 'value' in member;
    if (!plain || !isPlainData(member.value, depth - 1)) return false;
  }
  return true;
}

/** Hostile objects may throw anything, with any text: nothing of it is passed on. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
