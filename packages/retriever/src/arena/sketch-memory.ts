import { createBoundKernel, STEP, TRAILER } from './kernel/bound-kernel.ts';
import type { BoundKernel } from './kernel/bound-kernel.ts';

const PAGE = 65_536;
/** What a memory with 32-bit addresses can hold. */
const PAGES = 65_535;
/** The first page: the query, at most 8,192 components with scale and length, then the bounds of one call. */
const BOUNDS = PAGE / 2;
/** Rows of one call: their bounds fill the rest of the first page. */
export const ROWS_AT_ONCE: number = (PAGE - BOUNDS) / 4;

/** The largest component of a row, and the largest sum of a row's products. */
const [BYTE, SUM] = [127, 2 ** 31 - 1];
/** More than what a bound and the score itself are rounded by, as a share of the product of both lengths. */
const ROUNDING = 2 ** -20;
/** Lengths of vectors whose bounds can neither overflow nor vanish in 32-bit floats; the others are scored one by one. */
const [SHORTEST, LONGEST] = [1e-8, 1e8];

/** Upper bounds of the scores of up to `ROWS_AT_ONCE` rows; the array is used again by the next call. */
export type Bounder = (start: number, count: number) => Float32Array;

/**
 * A quarter of each vector, in a WebAssembly memory: every component rounded to 8 bits, and how far that may put a score off.
 * A scan of these rules out the rows that cannot be among the best, with certainty (Cauchy-Schwarz): with the vector
 * x = x' + e and the query y = y' + f, the score x y is at most x' y' + |e| |y| + |x'| |f|.
 */
export class SketchMemory {
  readonly #components: number;
  readonly #stride: number;
  readonly #mostOfQuery: number;
  /** At least |f| / |y|. */
  readonly #queryError: number;
  readonly #memory: WebAssembly.Memory;
  readonly #kernel: BoundKernel;
  /** All of the memory, three ways to see it. */
  #bytes: Int8Array;
  #words: Int16Array;
  #floats: Float32Array;

  private constructor(dimensions: number, memory: WebAssembly.Memory, kernel: BoundKernel) {
    this.#components = Math.ceil(dimensions / STEP) * STEP;
    this.#stride = strideOf(dimensions);
    this.#mostOfQuery = Math.min(2 ** 15 - 1, Math.floor(SUM / BYTE / this.#components));
    this.#queryError = (0.5001 * Math.sqrt(dimensions)) / this.#mostOfQuery;
    this.#memory = memory;
    this.#kernel = kernel;
    this.#bytes = new Int8Array(memory.buffer);
    this.#words = new Int16Array(memory.buffer);
    this.#floats = new Float32Array(memory.buffer);
  }

  /** Empty; `undefined` where there is no kernel. @param dimensions components of a vector, at most 8,192 */
  static create(dimensions: number): SketchMemory | undefined {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const kernel = createBoundKernel(memory);
    return kernel && new SketchMemory(dimensions, memory, kernel);
  }

  /** All that is in memory. */
  get bytes(): Uint8Array {
    return new Uint8Array(this.#memory.buffer);
  }

  /** Whether so many rows have addresses. */
  fits(rows: number): boolean {
    return this.#pages(rows) <= PAGES;
  }

  /**
   * Makes room for `rows`; what is held stays.
   * @throws RangeError when there is no memory
   */
  reserve(rows: number): void {
    const missing = this.#pages(rows) - this.#memory.buffer.byteLength / PAGE;
    if (missing <= 0) return;
    this.#memory.grow(missing);
    const { buffer } = this.#memory;
    this.#bytes = new Int8Array(buffer);
    this.#words = new Int16Array(buffer);
    this.#floats = new Float32Array(buffer);
  }

  /** Adds or replaces a row. */
  put(place: number, vector: Float32Array): void {
    const start = PAGE + place * this.#stride;
    const { scale, error, length } = round(vector, this.#bytes, start, BYTE);
    const reach = error + (length + error) * (this.#queryError + 2 * ROUNDING);
    const trailer = (start + this.#components) / 4;
    this.#floats[trailer] = scale;
    // A row of another length, or with something that is not a number, is never ruled out.
    this.#floats[trailer + 1] = isBounded(length) ? reach * (1 + ROUNDING) : Number.POSITIVE_INFINITY;
  }

  /** Moves a row to another place; its old one is zeroed. */
  move(from: number, to: number): void {
    const { bytes } = this;
    const start = PAGE + from * this.#stride;
    bytes.copyWithin(PAGE + to * this.#stride, start, start + this.#stride);
    bytes.fill(0, start, start + this.#stride);
  }

  /** Zeroes everything. */
  clear(): void {
    this.bytes.fill(0);
  }

  /** Begins a scan; `undefined` for a query that has no bounds. `end` forgets the query. */
  scan(query: Float32Array): { readonly bound: Bounder; end(): void } | undefined {
    const { scale, length } = round(query, this.#words, 0, this.#mostOfQuery);
    const end = (): void => void this.bytes.fill(0, 0, PAGE);
    if (!isBounded(length)) {
      end();
      return undefined;
    }
    this.#floats.set([scale, length * (1 + ROUNDING)], this.#components / 2);
    const bounds = this.#floats.subarray(BOUNDS / 4, BOUNDS / 4 + ROWS_AT_ONCE);
    return {
      bound: (start, count) => {
        this.#kernel(PAGE + start * this.#stride, count, 0, this.#components, BOUNDS);
        return bounds;
      },
      end,
    };
  }

  #pages(rows: number): number {
    return 1 + Math.ceil((rows * this.#stride) / PAGE);
  }
}

/** Bytes of one row. */
export function strideOf(dimensions: number): number {
  return Math.ceil(dimensions / STEP) * STEP + TRAILER;
}

function isBounded(length: number): boolean {
  return length >= SHORTEST && length <= LONGEST;
}

/** Added to a number and taken away again, it leaves the nearest whole one: doubles of this size have no fractions. */
const WHOLE = 1.5 * 2 ** 52;

/**
 * Rounds a vector to whole numbers from `-most` to `most`, which it writes from `start` on.
 * @returns what they are to be multiplied by, the length of what that leaves out, and the vector's length
 */
function round(
  vector: Float32Array,
  rounded: Int8Array | Int16Array,
  start: number,
  most: number,
): { readonly scale: number; readonly error: number; readonly length: number } {
  let [largest, squares, rests] = [0, 0, 0];
  for (let index = 0; index < vector.length; index++) {
    const value = vector[index] as number;
    const size = value < 0 ? -value : value;
    if (size > largest) largest = size;
    squares += value * value;
  }
  const scale = Math.fround(largest / most);
  const factor = scale > 0 ? 1 / scale : 0;
  for (let index = 0; index < vector.length; index++) {
    const value = vector[index] as number;
    const whole = value * factor + WHOLE - WHOLE;
    rounded[start + index] = whole;
    const rest = value - whole * scale;
    rests += rest * rest;
  }
  return { scale, error: Math.sqrt(rests), length: Math.sqrt(squares) };
}
