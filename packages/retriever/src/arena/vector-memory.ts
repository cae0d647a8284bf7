import { createScoreKernel } from './kernel/score-kernel.ts';
import type { ScoreKernel } from './kernel/score-kernel.ts';

/** Below this many bytes of vectors the plain loop takes less than a millisecond, and a memory of its own is not worth it. */
const SMALL = 4 * 1024 * 1024;
const PAGE = 65_536;
/** What a memory with 32-bit addresses can hold besides the page for query and scores. */
const LARGEST = 65_535 * PAGE;
/** The first page: the query, at most 8,192 components, then the scores of one call. */
const SCORES = PAGE / 2;
/** Rows of one call: their scores fill the rest of the first page. */
export const ROWS_AT_ONCE: number = (PAGE - SCORES) / 4;

/** Approximate scores of up to `ROWS_AT_ONCE` rows; the array is used again by the next call. */
export type Estimator = (start: number, count: number) => Float32Array;

/**
 * One growing block of vectors. A larger one lies in a WebAssembly memory, where the kernel reaches it; where there is no
 * kernel, and beyond 4 GiB, in an ordinary array. What is outgrown is zeroed.
 */
export class VectorMemory {
  readonly #dimensions: number;
  #vectors = new Float32Array(0);
  #memory: WebAssembly.Memory | undefined;
  #kernel: ScoreKernel | undefined;

  /** Empty. @param dimensions components of a vector */
  constructor(dimensions: number) {
    this.#dimensions = dimensions;
  }

  /** All components that there is room for; another array once it has grown. */
  get vectors(): Float32Array {
    return this.#vectors;
  }

  /**
   * Makes room for `rows`; what is held stays.
   * @throws RangeError when there is no memory
   */
  reserve(rows: number): void {
    const length = rows * this.#dimensions;
    const old = this.#vectors;
    if (length <= old.length) return;
    if (this.#memory !== undefined && 4 * length <= LARGEST) {
      this.#memory.grow(Math.ceil((4 * length - old.byteLength) / PAGE));
      this.#vectors = new Float32Array(this.#memory.buffer, PAGE);
      return;
    }
    this.#vectors = this.#allocate(length);
    this.#vectors.set(old);
    old.fill(0);
  }

  /** Begins a scan; `undefined` where rows have to be compared one by one. `end` forgets the query. */
  scan(query: Float32Array): { readonly estimate: Estimator; end(): void } | undefined {
    const [memory, kernel] = [this.#memory, this.#kernel];
    if (memory === undefined || kernel === undefined) return undefined;
    const held = new Float32Array(memory.buffer, 0, this.#dimensions);
    const scores = new Float32Array(memory.buffer, SCORES, ROWS_AT_ONCE);
    held.set(query);
    const rowBytes = 4 * this.#dimensions;
    return {
      estimate(start, count) {
        kernel(PAGE + start * rowBytes, count, 0, rowBytes, SCORES);
        return scores;
      },
      end() {
        held.fill(0);
        scores.fill(0);
      },
    };
  }

  #allocate(length: number): Float32Array<ArrayBuffer> {
    this.#memory = undefined;
    this.#kernel = undefined;
    if (4 * length >= SMALL && 4 * length <= LARGEST) {
      const memory = new WebAssembly.Memory({ initial: 1 + Math.ceil((4 * length) / PAGE) });
      this.#kernel = createScoreKernel(memory);
      if (this.#kernel !== undefined) {
        this.#memory = memory;
        return new Float32Array(memory.buffer, PAGE);
      }
    }
    return new Float32Array(length);
  }
}
