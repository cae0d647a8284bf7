import * as wasm from './wasm-code.ts';
import type { Code } from './wasm-code.ts';

const { add, get, i32, lane, loadBytes, loadFloat, loadLanes, op, set, storeFloat, TYPES, until, zeroLanes } = wasm;

/** Components of one step: rows and query are filled up with zeros to a multiple of it. */
export const STEP = 32;
/** Bytes that follow the components of a row: scale and reach as 32-bit floats, and eight that keep rows apart by 16. */
export const TRAILER = 16;

/**
 * Upper bounds of the scores of consecutive rows. A row is `components` integers of 8 bits, then its trailer; the query is as
 * many of 16 bits, then scale and length as 32-bit floats. In 32-bit floats:
 * `bounds[row] = sum(row[i] * query[i]) * scale * query's scale + reach * query's length`.
 * The sum must not exceed 31 bits. All but the counts are byte addresses in the kernel's memory.
 */
export type BoundKernel = (rows: number, count: number, query: number, components: number, bounds: number) => void;

// The locals, parameters first.
const [ROW, COUNT, QUERY, COMPONENTS, BOUND] = [0, 1, 2, 3, 4];
/** Where the components of the row end, and where the query is at the row's place. */
const [END, HERE] = [5, 6];
/** Four sums at once, because one would make every addition wait for the one before it. */
const SUMS = [7, 8, 9, 10] as const;

const advance = (local: number, by: number): Code => set(local, add(get(local), i32(by)));

/** Eight products a sum: of neighbours, added in pairs. */
const step: readonly Code[] = [
  ...SUMS.map((sum, index) => {
    const pairs = op('i32x4.dot_i16x8_s', loadBytes(get(ROW), 8 * index), loadLanes(get(HERE), 16 * index));
    return set(sum, op('i32x4.add', get(sum), pairs));
  }),
  advance(ROW, STEP),
  advance(HERE, 2 * STEP),
];

const [a, b, c, d] = SUMS.map(get) as [Code, Code, Code, Code];
const [FIRST] = SUMS;
const total = add(add(lane(0, a), lane(1, a)), add(lane(2, a), lane(3, a)));
const estimate = [loadFloat(get(ROW), 0), loadFloat(get(HERE), 0)].reduce(
  (product, scale) => op('f32.mul', product, scale),
  op('f32.convert_i32_s', total),
);
const error = op('f32.mul', loadFloat(get(ROW), 4), loadFloat(get(HERE), 4));

const body: Code = until(
  op('i32.eqz', get(COUNT)),
  set(END, add(get(ROW), get(COMPONENTS))),
  set(HERE, get(QUERY)),
  ...SUMS.map((sum) => set(sum, zeroLanes)),
  until(op('i32.ge_u', get(ROW), get(END)), ...step),
  set(FIRST, op('i32x4.add', op('i32x4.add', a, b), op('i32x4.add', c, d))),
  storeFloat(get(BOUND), op('f32.add', estimate, error)),
  advance(ROW, TRAILER),
  advance(BOUND, 4),
  advance(COUNT, -1),
);

let compiled: WebAssembly.Module | null | undefined;

/** The kernel over a memory; `undefined` where WebAssembly or its 128-bit vectors do not exist. */
export function createBoundKernel(memory: WebAssembly.Memory): BoundKernel | undefined {
  compiled ??= compile();
  if (compiled === null) return undefined;
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  return exports['run'] as BoundKernel;
}

function compile(): WebAssembly.Module | null {
  const locals = [
    [2, TYPES.i32],
    [SUMS.length, TYPES.v128],
  ] as const;
  const bytes = wasm.assembleModule(5, locals, body);
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
}
