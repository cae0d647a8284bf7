import { canonicalJsonText } from '@cloister/core';
import type { AuditEvent } from '@cloister/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { createEventSchema } from './event-schema.ts';
import { writeEvent } from './write-event.ts';

const RUNS = Number(process.env['CLOISTER_ENCODER_EVENTS'] ?? 10_000);

/** The part of zod's description of a schema that is read here. */
interface Schema {
  readonly _zod: {
    readonly def: {
      readonly type: string;
      readonly options?: readonly Schema[];
      readonly shape?: Readonly<Record<string, Schema>>;
      readonly innerType?: Schema;
      readonly values?: readonly unknown[];
      readonly entries?: Readonly<Record<string, string>>;
    };
  };
}

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const oneOf = (alphabet: string): fc.Arbitrary<string> => fc.constantFrom(...alphabet.split(''));
const characters = (alphabet: string, length: number): fc.Arbitrary<string> =>
  fc.string({ unit: oneOf(alphabet), minLength: length, maxLength: length });
const hex = (length: number): fc.Arbitrary<string> => characters('0123456789abcdef', length);
const label = fc
  .tuple(oneOf('Az09/'), fc.string({ unit: oneOf('Az09._:/@-'), maxLength: 127 }))
  .map(([first, rest]) => first + rest);
const reference = (prefix: string): fc.Arbitrary<string> =>
  fc.tuple(characters(BASE64URL, 21), oneOf('AQgw')).map(([text, last]) => `${prefix}_${text}${last}`);

/** Values for members whose description says nothing but "a text". */
const TEXTS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  id: fc.tuple(oneOf('01234567'), characters('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 25)).map((p) => p.join('')),
  model: label,
  collection: label,
  code: fc.string({ unit: oneOf('AZ09_'), minLength: 1, maxLength: 60 }).map((text) => `ERR_${text}`),
  tenant: reference('ten'),
  actor: reference('act'),
  request: reference('req'),
  session: reference('ses'),
  certificate: hex(128),
};

function values(schema: Schema, name: string, type: string): fc.Arbitrary<unknown> {
  const { def } = schema._zod;
  switch (def.type) {
    case 'literal':
      return fc.constant(def.values?.[0]);
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries ?? {}));
    case 'boolean':
      return fc.boolean();
    case 'number':
      return fc.oneof(fc.maxSafeNat(), fc.nat(9), fc.constantFrom(0, -0, Number.MAX_SAFE_INTEGER));
    case 'record':
      return fc.dictionary(label, fc.maxSafeNat(), { maxKeys: 5, noNullPrototype: true });
    case 'object':
      return members(def.shape ?? {}, type);
    default:
      return type === 'audit.open' && name === 'key' ? hex(8) : (TEXTS[name] ?? hex(64));
  }
}

function members(shape: Readonly<Record<string, Schema>>, type: string): fc.Arbitrary<unknown> {
  const all = Object.entries(shape).map(([name, schema]): [string, fc.Arbitrary<unknown>, boolean] => {
    const isOptional = schema._zod.def.type === 'optional';
    return [name, values(isOptional ? (schema._zod.def.innerType as Schema) : schema, name, type), isOptional];
  });
  return fc.record(Object.fromEntries(all.map(([name, arbitrary]) => [name, arbitrary])), {
    requiredKeys: all.filter(([, , isOptional]) => !isOptional).map(([name]) => name),
    noNullPrototype: true,
  });
}

const schema = createEventSchema();
const types = ((schema as z.ZodType & Schema)._zod.def.options ?? []).map((option) => {
  const shape = option._zod.def.shape ?? {};
  return members(shape, String(shape['type']?._zod.def.values?.[0]));
});

describe('the generated encoder', () => {
  it(`writes what the RFC 8785 encoder writes, for ${RUNS} events of every type`, { timeout: 300_000 }, () => {
    const seen = new Set<string>();
    const event = fc.oneof(...types) as fc.Arbitrary<AuditEvent>;
    fc.assert(
      fc.property(event, (given) => {
        const data = schema.parse(given);
        seen.add(data.type);
        return writeEvent(data) === canonicalJsonText(data);
      }),
      { numRuns: RUNS },
    );
    expect(seen.size).toBe(types.length);
  });

  it('gets no text that needs an escape: the schema refuses one wherever a text may stand', () => {
    const event = fc.oneof(...types) as fc.Arbitrary<AuditEvent>;
    const character = fc.constantFrom('"', '\\', '\n', '\u0000', '\u007f', 'é', '\u2028', '\ud800');
    fc.assert(
      fc.property(event, fc.nat(), character, (given, place, text) => {
        const names = Object.entries(given).flatMap(([name, value]) => (typeof value === 'string' ? [name] : []));
        const name = names[place % names.length] ?? 'type';
        const value = String(Reflect.get(given, name));
        return !schema.safeParse({ ...given, [name]: value.slice(0, -1) + text }).success;
      }),
      { numRuns: 2000 },
    );
  });
});
