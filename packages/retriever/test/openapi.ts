import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { QdrantAnswer, QdrantRequest } from '@cloister/simulator/qdrant';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly uniqueItems?: boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  /** Of an answer that succeeded. */
  readonly answer?: Schema;
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly schemas: Readonly<Record<string, Schema>>;
}

const file = fileURLToPath(new URL('../../../test/vectors/qdrant/openapi-1.19.0.json', import.meta.url));
const document = JSON.parse(readFileSync(file, 'utf8')) as OpenApi;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
};

/** Stricter than the document: an object with named members has no others, and `{ nullable: true }` alone means null. */
function fits(schema: Schema, value: unknown): boolean {
  if (schema.$ref !== undefined) return fits(document.schemas[schema.$ref.split('/').at(-1) ?? ''] as Schema, value);
  if (value === null) return schema.nullable === true || schema.anyOf?.some((one) => fits(one, value)) === true;
  const { type, properties, required = [], items, additionalProperties: more } = schema;
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (type === undefined && alternatives === undefined && schema.allOf === undefined && schema.enum === undefined) {
    return schema.nullable !== true;
  }
  return (
    (type === undefined || TYPES[type]?.(value) === true) &&
    (alternatives === undefined || alternatives.some((one) => fits(one, value))) &&
    (schema.allOf === undefined || schema.allOf.every((one) => fits(one, value))) &&
    (schema.enum === undefined || schema.enum.includes(value)) &&
    (schema.minimum === undefined || (value as number) >= schema.minimum) &&
    (!Array.isArray(value) || items === undefined || value.every((item) => fits(items, item))) &&
    (!Array.isArray(value) || schema.uniqueItems !== true || new Set(value).size === value.length) &&
    (!isObject(value) || required.every((name) => Object.hasOwn(value, name))) &&
    (!isObject(value) || type !== 'object' || fitsMembers(value, properties, more))
  );
}

function fitsMembers(
  value: Readonly<Record<string, unknown>>,
  properties: Schema['properties'],
  more: Schema['additionalProperties'],
): boolean {
  return Object.entries(value).every(([name, member]) => {
    const schema = properties?.[name];
    if (schema !== undefined) return fits(schema, member);
    return typeof more === 'object' ? fits(more, member) : properties === undefined || more === true;
  });
}

/** What the OpenAPI document has against an answer of the stand-in; `undefined`: nothing. */
export function findAnswerProblem({ request, body }: QdrantAnswer): string | undefined {
  const { operation, shape } = findOperation(request);
  if (operation?.answer === undefined) return `no answer of ${shape}`;
  return fits(operation.answer, body) ? undefined : `answer of ${request.method} ${shape}`;
}

function findOperation({ method, path }: QdrantRequest): {
  readonly operation?: Operation | undefined;
  readonly shape: string;
} {
  const { pathname } = new URL(path, 'http://127.0.0.1');
  const shape = pathname.replace(/^\/collections\/[^/]+/, '/collections/{collection_name}');
  return { shape, operation: document.paths[shape]?.[method.toLowerCase()] };
}

/** What the OpenAPI document of Qdrant 1.19 has against a request; `undefined`: nothing. */
export function findProblem(request: QdrantRequest): string | undefined {
  const { method, path, body } = request;
  const url = new URL(path, 'http://127.0.0.1');
  const { operation, shape } = findOperation(request);
  if (operation === undefined) return `no operation ${method} ${shape}`;
  for (const [name, text] of url.searchParams) {
    const parameter = operation.parameters?.find((one) => one.in === 'query' && one.name === name);
    const values = [text, ...(/^(?:true|false|\d+)$/.test(text) ? [JSON.parse(text) as unknown] : [])];
    if (!values.some((value) => parameter !== undefined && fits(parameter.schema, value))) return `parameter ${name}`;
  }
  const schema = operation.requestBody?.content['application/json'].schema;
  if (schema === undefined) return body === '' ? undefined : 'a body that nobody asked for';
  return fits(schema, JSON.parse(body)) ? undefined : `body of ${method} ${shape}`;
}
