import { createEventSchema } from '../../../packages/audit/src/events/event-schema.ts';

/** The part of zod's description of a schema that is read here. */
interface Definition {
  readonly type: string;
  readonly options?: readonly Schema[];
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly innerType?: Schema;
  readonly values?: readonly unknown[];
}

interface Schema {
  readonly _zod: { readonly def: Definition };
}

const HEAD = `import type { AuditEvent } from '@cloister/core';

// Written by write-docs from the schema of the events. Do not edit; change the schema.

type EventOf<Type extends AuditEvent['type']> = Extract<AuditEvent, { readonly type: Type }>;

/**
 * The canonical JSON (RFC 8785) of an event that the schema has accepted: members in their order, and no escapes, because no
 * text of an event holds a character that needs one.
 */
`;

const COUNTS = `function writeCounts(counts: Readonly<Record<string, number>>): string {
  const names = Object.keys(counts);
  if (names.length > 1) names.sort();
  return names.map((name) => \`"\${name}":\${counts[name]}\`).join(',');
}
`;

/** The source of the encoder: a function for each type of event, each a single template. */
export function generateEncoder(): string {
  const types = (define(createEventSchema() as unknown as Schema).options ?? []).map((option) => {
    const shape = define(option).shape ?? {};
    const [type] = define(shape['type'] as Schema).values ?? [];
    return { type: String(type), shape };
  });
  const cases = types.map(({ type }) => `case '${type}': return ${nameOf(type)}(event);`);
  const functions = types.map(
    ({ type, shape }) =>
      `function ${nameOf(type)}(event: EventOf<'${type}'>): string {\n  return \`${writeObject(shape, 'event')}\`;\n}\n`,
  );
  const all = `export function writeEvent(event: AuditEvent): string {\n  switch (event.type) {\n${cases.join('\n')}\n  }\n}\n`;
  return [HEAD + all, ...functions, COUNTS].join('\n');
}

function define(schema: Schema): Definition {
  return schema._zod.def;
}

/** `audit.open` becomes `writeAuditOpen`. */
function nameOf(type: string): string {
  return `write${type.replaceAll(/(?:^|\.)([a-z])/g, (_, letter: string) => letter.toUpperCase())}`;
}

/** Optional members carry their comma with them: behind them as long as none stands before. */
function writeObject(shape: Readonly<Record<string, Schema>>, path: string): string {
  const parts: string[] = [];
  let isFirst = true;
  for (const name of Object.keys(shape).toSorted()) {
    const { type, innerType } = define(shape[name] as Schema);
    const value = writeValue(type === 'optional' ? (innerType as Schema) : (shape[name] as Schema), `${path}.${name}`);
    const member = `"${name}":${value}`;
    if (type !== 'optional') {
      parts.push(isFirst ? member : `,${member}`);
      isFirst = false;
    } else {
      const text = isFirst ? `${member},` : `,${member}`;
      parts.push(`\${${path}.${name} === undefined ? '' : \`${text}\`}`);
    }
  }
  return `{${parts.join('')}}`;
}

function writeValue(schema: Schema, path: string): string {
  const { type, shape, values } = define(schema);
  switch (type) {
    case 'literal':
      return JSON.stringify(values?.[0]);
    case 'object':
      return writeObject(shape ?? {}, path);
    case 'record':
      return `{\${writeCounts(${path})}}`;
    case 'number':
    case 'boolean':
      return `\${${path}}`;
    case 'string':
    case 'enum':
    case 'custom':
      return `"\${${path}}"`;
    default:
      throw new Error(`the encoder has no words for ${type}`);
  }
}
