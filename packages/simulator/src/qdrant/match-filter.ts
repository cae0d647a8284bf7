import { Refusal } from './refusal.ts';

/** A sparse vector. */
export interface Sparse {
  readonly indices: readonly number[];
  readonly values: readonly number[];
}

/** A stored point. */
export interface Point {
  readonly id: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly vector: readonly number[] | Readonly<Record<string, readonly number[] | Sparse>>;
}

/** One condition, as far as the stand-in knows them. */
export type Condition =
  | { readonly key: string; readonly match?: { readonly value?: unknown; readonly any?: readonly unknown[] } }
  | { readonly has_id: readonly string[] }
  | Filter;

/** A filter; a missing or empty clause lets everything through, as the server's does. */
export interface Filter {
  readonly must?: Condition | readonly Condition[] | null;
  readonly should?: Condition | readonly Condition[] | null;
  readonly must_not?: Condition | readonly Condition[] | null;
}

const CLAUSES = ['must', 'should', 'must_not', 'min_should'];

/** Whether a point passes. @throws Refusal 400 for members that the server does not know within a filter */
export function matches(filter: Filter, point: Point): boolean {
  const unknown = Object.keys(filter).find((name) => !CLAUSES.includes(name));
  if (unknown !== undefined) throw new Refusal(400, `Format error in JSON body: unknown field \`${unknown}\``);
  const [must, should, mustNot] = [filter.must, filter.should, filter.must_not].map(asList);
  return (
    must?.every((condition) => holds(condition, point)) === true &&
    (should?.length === 0 || should?.some((condition) => holds(condition, point)) === true) &&
    mustNot?.some((condition) => holds(condition, point)) === false
  );
}

function asList(clause: Filter['must']): readonly Condition[] {
  if (clause === null || clause === undefined) return [];
  return Array.isArray(clause) ? (clause as readonly Condition[]) : [clause as Condition];
}

function holds(condition: Condition, point: Point): boolean {
  const { id, payload } = point;
  if ('has_id' in condition) return condition.has_id.includes(id);
  if (!('key' in condition)) return matches(condition, point);
  const { key, match } = condition;
  if (key === undefined || match === undefined)
    throw new Refusal(400, 'Format error in JSON body: expected a condition');
  const held = [payload[key]].flat();
  if ('value' in match) return held.includes(match.value);
  return match.any?.some((value) => held.includes(value)) === true;
}
