import { matches, type Filter, type Point } from './match-filter.ts';
import { Refusal } from './refusal.ts';

/** A JSON object, unchecked. */
export type Body = Readonly<Record<string, unknown>>;

/** One collection in memory. */
export interface Collection {
  readonly config: Body;
  readonly indexes: Map<string, unknown>;
  /** By id. */
  readonly points: Map<string, Point>;
}

/** The points that a filter lets through, by rising id; no filter lets all through. */
export function selectPoints(collection: Collection, filter: unknown, setting: string): readonly Point[] {
  const wanted = (filter ?? {}) as Filter;
  checkIndexes(collection, wanted, setting);
  return [...collection.points.values()]
    .filter((point) => matches(wanted, point))
    .toSorted((left, right) => (left.id < right.id ? -1 : 1));
}

/** Strict mode refuses conditions on members without an index; it does not demand a condition. */
function checkIndexes(
  { config, indexes }: Pick<Collection, 'config' | 'indexes'>,
  filter: Filter,
  setting: string,
): void {
  const strict = (config['strict_mode_config'] ?? {}) as Body;
  if (strict['enabled'] !== true || strict[setting] !== false) return;
  for (const condition of [filter.must, filter.should, filter.must_not].flat()) {
    if (condition === null || condition === undefined || 'has_id' in condition) continue;
    if (!('key' in condition)) checkIndexes({ config, indexes }, condition, setting);
    else if (!indexes.has(condition.key)) throw new Refusal(400, `Index required but not found for "${condition.key}"`);
  }
}

/** Strict mode refuses to give out more than was said when the collection was made. */
export function checkLimit({ config }: Collection, limit: unknown): number {
  const strict = (config['strict_mode_config'] ?? {}) as Body;
  const most = strict['max_query_limit'];
  if (strict['enabled'] === true && typeof most === 'number' && Number(limit) > most) {
    throw new Refusal(400, `Limit exceeded ${String(limit)} > ${most} for "limit"`);
  }
  return Number(limit);
}

/** Inserts points; those that exist change only when they pass `update_filter`. */
export function upsertPoints(collection: Collection, body: Body): void {
  const { points, update_filter: guard } = body;
  if (!Array.isArray(points)) throw new Refusal(400, 'Format error in JSON body: missing field `points`');
  const strict = (collection.config['strict_mode_config'] ?? {}) as Body;
  const most = strict['upsert_max_batchsize'];
  if (typeof most === 'number' && points.length > most) throw new Refusal(400, 'Upsert limit exceeded');
  const sparse = Object.keys((collection.config['sparse_vectors'] ?? {}) as Body);
  const vectors = (collection.config['vectors'] ?? {}) as Record<string, { readonly size?: number } | undefined>;
  for (const point of points as Point[]) {
    checkPoint(point, vectors, sparse);
    const existing = collection.points.get(point.id);
    if (existing !== undefined && guard !== undefined && !matches(guard as Filter, existing)) continue;
    collection.points.set(point.id, { id: point.id, payload: point.payload ?? {}, vector: point.vector });
  }
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

function checkPoint(
  { id, vector }: Point,
  vectors: Record<string, { readonly size?: number } | undefined>,
  sparse: readonly string[],
): void {
  if (!UUID.test(String(id)))
    throw new Refusal(400, `Format error in JSON body: value ${String(id)} is not a valid id`);
  if (vector === undefined) throw new Refusal(400, 'Format error in JSON body: missing field `vector`');
  const named = (Array.isArray(vector) ? { '': vector } : vector) as Readonly<Record<string, readonly number[]>>;
  for (const [name, values] of Object.entries(named)) {
    if (sparse.includes(name)) continue;
    const size = name === '' ? (vectors as { readonly size?: number }).size : vectors[name]?.size;
    if (size === undefined) throw new Refusal(400, `Wrong input: Not existing vector name error: ${name}`);
    if (values.length !== size) {
      throw new Refusal(400, `Wrong input: Vector dimension error: expected dim: ${size}, got ${values.length}`);
    }
  }
}
