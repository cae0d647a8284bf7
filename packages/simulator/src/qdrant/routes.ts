import { checkLimit, selectPoints, upsertPoints, type Body, type Collection } from './collection.ts';
import type { Point, Sparse } from './match-filter.ts';
import { Refusal } from './refusal.ts';

/** What the stand-in holds, by name. */
export type Collections = Map<string, Collection>;

type Handler = (collections: Collections, name: string, body: Body) => unknown;

const completed = { operation_id: 0, status: 'completed' };

function find(collections: Collections, name: string): Collection {
  const collection = collections.get(name);
  if (collection === undefined) throw new Refusal(404, `Not found: Collection \`${name}\` doesn't exist!`);
  return collection;
}

const create: Handler = (collections, name, config) => {
  if (collections.has(name)) throw new Refusal(409, `Wrong input: Collection \`${name}\` already exists!`);
  collections.set(name, { config, indexes: new Map(), points: new Map() });
  return true;
};

const describe: Handler = (collections, name) => {
  const { config, indexes, points } = find(collections, name);
  const { vectors = {}, hnsw_config = {}, strict_mode_config = {}, ...params } = config;
  const fields = [...indexes].map(([field, schema]) => {
    return [field, { data_type: 'keyword', params: schema, points: points.size }];
  });
  return {
    status: 'green',
    optimizer_status: 'ok',
    segments_count: 1,
    points_count: points.size,
    config: {
      params: { vectors, ...params },
      hnsw_config: { m: 16, ef_construct: 100, full_scan_threshold: 10_000, ...(hnsw_config as object) },
      strict_mode_config,
      optimizer_config: { default_segment_number: 0, flush_interval_sec: 5 },
    },
    payload_schema: Object.fromEntries(fields) as unknown,
  };
};

const addIndex: Handler = (collections, name, { field_name: field, field_schema: schema }) => {
  find(collections, name).indexes.set(String(field), schema);
  return completed;
};

const upsert: Handler = (collections, name, body) => {
  upsertPoints(find(collections, name), body);
  return completed;
};

const scroll: Handler = (collections, name, { filter, offset, limit = 10, with_payload: withPayload = true }) => {
  const collection = find(collections, name);
  const found = selectPoints(collection, filter, 'unindexed_filtering_retrieve');
  const count = checkLimit(collection, limit);
  const from = found.findIndex(({ id }) => typeof offset !== 'string' || id >= offset);
  const page = from < 0 ? [] : found.slice(from, from + count);
  const next = from < 0 ? undefined : found[from + count];
  const shown = page.map((point) => ({ id: point.id, ...show(point, withPayload) }));
  return { points: shown, next_page_offset: next?.id ?? null };
};

const remove: Handler = (collections, name, { points, filter }) => {
  const collection = find(collections, name);
  const gone = Array.isArray(points)
    ? (points as string[])
    : selectPoints(collection, filter, 'unindexed_filtering_update').map(({ id }) => id);
  for (const id of gone) collection.points.delete(id);
  return completed;
};

const count: Handler = (collections, name, { filter }) => {
  return { count: selectPoints(find(collections, name), filter, 'unindexed_filtering_retrieve').length };
};

/** Nearest by cosine or by Euclidean distance, compared one by one. */
const query: Handler = (collections, name, { query: wanted, filter, using = '', limit = 10, with_payload: shown }) => {
  const collection = find(collections, name);
  const given = (wanted as { readonly nearest?: unknown } | undefined)?.nearest ?? wanted;
  const shares = sharesOf(collection, given, String(using));
  if (shares !== undefined) {
    const found = selectPoints(collection, filter, 'unindexed_filtering_retrieve')
      .map((point) => ({ point, score: shares(point) }))
      .filter((one) => one.score > 0)
      .toSorted((left, right) => right.score - left.score);
    const best = found.slice(0, checkLimit(collection, limit));
    return {
      points: best.map((one) => ({ id: one.point.id, version: 0, score: one.score, ...show(one.point, shown) })),
    };
  }
  if (!Array.isArray(given)) throw new Refusal(400, 'Format error in JSON body: this query is not known');
  const scored = selectPoints(collection, filter, 'unindexed_filtering_retrieve').flatMap((point) => {
    const vector = vectorOf(point, String(using));
    return vector === undefined ? [] : [{ point, score: score(collection, String(using), given as number[], vector) }];
  });
  scored.sort((left, right) => right.score - left.score);
  const points = scored.slice(0, checkLimit(collection, limit)).map(({ point, score: value }) => {
    return { id: point.id, version: 0, score: Math.abs(value), ...show(point, shown) };
  });
  return { points };
};

/** How much points have in common with a sparse vector, rare numbers counting more; `undefined` for another query. */
function sharesOf({ points }: Collection, given: unknown, using: string): ((point: Point) => number) | undefined {
  const { indices, values } = (given ?? {}) as Partial<Sparse>;
  if (!Array.isArray(indices) || !Array.isArray(values)) return undefined;
  const vectorIn = ({ vector }: Point): Sparse => (vector as Readonly<Record<string, Sparse>>)[using] ?? NOTHING;
  const holders = (index: number): number =>
    [...points.values()].filter((point) => vectorIn(point).indices.includes(index)).length;
  const rarities = (indices as number[]).map((index) =>
    Math.log(1 + (points.size - holders(index) + 0.5) / (holders(index) + 0.5)),
  );
  return (point) => {
    const own = vectorIn(point);
    return (indices as number[]).reduce((sum, index, place) => {
      const count = own.values[own.indices.indexOf(index)] ?? 0;
      return sum + count * Number(values[place]) * Number(rarities[place]);
    }, 0);
  };
}

const NOTHING: Sparse = { indices: [], values: [] };

/** The part of a payload that was asked for: all, none, or some members. */
function show({ payload }: Point, wanted: unknown): object {
  if (Array.isArray(wanted)) {
    return { payload: Object.fromEntries(Object.entries(payload).filter(([name]) => wanted.includes(name))) };
  }
  return wanted === true ? { payload } : {};
}

function vectorOf({ vector }: Point, name: string): readonly number[] | undefined {
  if (Array.isArray(vector)) return vector as readonly number[];
  const named = (vector as Readonly<Record<string, readonly number[] | Sparse>>)[name];
  return Array.isArray(named) ? named : undefined;
}

function score({ config }: Collection, using: string, query: readonly number[], vector: readonly number[]): number {
  const vectors = config['vectors'] as Record<string, { readonly distance?: string } | undefined>;
  const distance = using === '' ? (vectors as { readonly distance?: string }).distance : vectors[using]?.distance;
  const dot = (left: readonly number[], right: readonly number[]): number =>
    left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
  if (distance === 'Cosine') return dot(query, vector) / Math.sqrt(dot(query, query) * dot(vector, vector));
  if (distance === 'Dot') return dot(query, vector);
  return -Math.hypot(...query.map((value, index) => value - (vector[index] ?? 0)));
}

const ROUTES: Readonly<Record<string, Handler>> = {
  'GET /exists': (collections, name) => ({ exists: collections.has(name) }),
  'GET ': describe,
  'PUT ': create,
  'DELETE ': (collections, name) => collections.delete(name),
  'PUT /index': addIndex,
  'PUT /points': upsert,
  'POST /points/scroll': scroll,
  'POST /points/delete': remove,
  'POST /points/count': count,
  'POST /points/query': query,
};

/** What a request gives. Members that the server does not know at the top level are ignored, as it ignores them. */
export function answer(collections: Collections, method: string, path: string, body: Body): unknown {
  if (method === 'GET' && path === '/collections') {
    return { collections: [...collections.keys()].map((name) => ({ name })) };
  }
  const [, name, rest = ''] = /^\/collections\/([^/]+)(\/.*)?$/.exec(path) ?? [];
  const handler = ROUTES[`${method} ${rest}`];
  if (name === undefined || handler === undefined) throw new Refusal(404, '');
  return handler(collections, decodeURIComponent(name), body);
}
