import * as wasm from './wasm-code.ts';
import type { Code } from './wasm-code.ts';

const { get, i32, lane, loadFloat, loadLanes, op, set, storeFloat, TYPES, until, zeroLanes } = wasm;

/**
 * Dot products of one query with consecutive rows, in 32-bit floats: `scores[row] = sum(rows[row][i] * query[i])`.
 * All but the counts are byte addresses in the kernel's memory.
 */
export type ScoreKernel = (rows: number, count: number, query: number, rowBytes: number, scores: number) => void;

// The locals, parameters first.
const [ROW, COUNT, QUERY, ROW_BYTES, SCORE] = [0, 1, 2, 3, 4];
/** Bytes of the row that are done, bytes that whole blocks of 16 floats cover, and the query's address at `DONE`. */
const [DONE, BLOCKS, HERE] = [5, 6, 7];
const SUM = 8;
/** Four sums at once, because one would make every addition wait for the one before it. */
const SUMS = [9, 10, 11, 12] as const;

const advance = (local: number, by: Code): Code => set(local, op('i32.add', get(local), by));
const atQuery = set(HERE, op('i32.add', get(QUERY), get(DONE)));

const sixteenProducts: readonly Code[] = [
  atQuery,
  ...SUMS.map((sum, index) => {
    const product = op('f32x4.mul', loadLanes(get(ROW), 16 * index), loadLanes(get(HERE), 16 * index));
    return set(sum, op('f32x4.add', get(sum), product));
  }),
  advance(ROW, i32(64)),
  advance(DONE, i32(64)),
];

const oneProduct: readonly Code[] = [
  atQuery,
  set(SUM, op('f32.add', get(SUM), op('f32.mul', loadFloat(get(ROW)), loadFloat(get(HERE))))),
  advance(ROW, i32(4)),
  advance(DONE, i32(4)),
];

const [a, b, c, d] = SUMS.map(get) as [Code, Code, Code, Code];
const [FIRST] = SUMS;
const addLanes: readonly Code[] = [
  set(FIRST, op('f32x4.add', op('f32x4.add', a, b), op('f32x4.add', c, d))),
  set(SUM, op('f32.add', op('f32.add', lane(0, a), lane(1, a)), op('f32.add', lane(2, a), lane(3, a)))),
];

const body: Code = [
  ...set(BLOCKS, op('i32.and', get(ROW_BYTES), i32(-64))),
  ...until(
    op('i32.eqz', get(COUNT)),
    set(DONE, i32(0)),
    ...SUMS.map((sum) => set(sum, zeroLanes)),
    until(op('i32.ge_u', get(DONE), get(BLOCKS)), ...sixteenProducts),
    ...addLanes,
    until(op('i32.ge_u', get(DONE), get(ROW_BYTES)), ...oneProduct),
    storeFloat(get(SCORE), get(SUM)),
    advance(SCORE, i32(4)),
    set(COUNT, op('i32.sub', get(COUNT), i32(1))),
  ),
];

let compiled: WebAssembly.Module | null | undefined;

/** The kernel over a memory; `undefined` where WebAssembly or its 128-bit vectors do not exist. */
export function createScoreKernel(memory: WebAssembly.Memory): ScoreKernel | undefined {
  compiled ??= compile();
  if (compiled === null) return undefined;
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  return exports['run'] as ScoreKernel;
}

function compile(): WebAssembly.Module | null {
  const locals = [
    [3, TYPES.i32],
    [1, TYPES.f32],
    [4, TYPES.v128],
  ] as const;
  const bytes = wasm.assembleModule(5, locals, body);
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
}
