import { SketchMemory, strideOf } from './sketch-memory.ts';

/** Below this many bytes of vectors the plain loop takes less than a millisecond, and sketches are not worth their memory. */
const SMALL = 4 * 1024 * 1024;
const PAGE = 65_536;
/** What a memory with 32-bit addresses can hold. */
const LARGEST = 65_535 * PAGE;

/**
 * One growing block of vectors, beside it their sketches once there are many. A larger block lies in a WebAssembly memory,
 * which grows without a copy; beyond 4 GiB in an ordinary array. What is outgrown is zeroed.
 */
export class VectorMemory {
  readonly #dimensions: number;
  #vectors = new Float32Array(0);
  #memory: WebAssembly.Memory | undefined;
  #sketches: SketchMemory | undefined;

  /** Empty. @param dimensions components of a vector */
  constructor(dimensions: number) {
    this.#dimensions = dimensions;
  }

  /** All components that there is room for; another array once it has grown. */
  get vectors(): Float32Array {
    return this.#vectors;
  }

  /** Everything that is kept of the vectors. */
  get blocks(): readonly Uint8Array[] {
    const vectors = new Uint8Array(this.#vectors.buffer);
    return this.#sketches === undefined ? [vectors] : [vectors, this.#sketches.bytes];
  }

  /** Adds or replaces a vector; there must be room. */
  put(place: number, vector: Float32Array): void {
    this.#vectors.set(vector, place * this.#dimensions);
    this.#sketches?.put(place, vector);
  }

  /** Moves a vector to another place, or to its own to remove it; the old place is zeroed. */
  move(from: number, to: number): void {
    const [start, end] = [from * this.#dimensions, (from + 1) * this.#dimensions];
    this.#vectors.copyWithin(to * this.#dimensions, start, end);
    this.#vectors.fill(0, start, end);
    this.#sketches?.move(from, to);
  }

  /** Zeroes everything. */
  clear(): void {
    for (const block of this.blocks) block.fill(0);
  }

  /** Begins a scan of the sketches; `undefined` where rows have to be compared one by one. */
  scan(query: Float32Array): ReturnType<SketchMemory['scan']> {
    return this.#sketches?.scan(query);
  }

  /**
   * Makes room for `rows`; what is held stays.
   * @throws RangeError when there is no memory
   */
  reserve(rows: number): void {
    const bytes = 4 * rows * this.#dimensions;
    if (bytes <= this.#vectors.byteLength) return;
    if (bytes >= SMALL) this.#reserveSketches(rows);
    const memory = this.#memory;
    if (memory !== undefined && bytes <= LARGEST) memory.grow(Math.ceil((bytes - memory.buffer.byteLength) / PAGE));
    else this.#memory = isLarge(bytes) ? new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) }) : undefined;
    const vectors = new Float32Array(this.#memory?.buffer ?? new ArrayBuffer(bytes), 0, bytes / 4);
    if (memory === undefined || memory !== this.#memory) {
      vectors.set(this.#vectors);
      this.#vectors.fill(0);
    }
    this.#vectors = vectors;
  }

  #reserveSketches(rows: number): void {
    const before = this.#sketches;
    const sketches = before ?? SketchMemory.create(this.#dimensions);
    if (sketches?.fits(rows) !== true) {
      before?.clear();
      this.#sketches = undefined;
      return;
    }
    sketches.reserve(rows);
    this.#sketches = sketches;
    if (before !== undefined) return;
    for (let place = 0; (place + 1) * this.#dimensions <= this.#vectors.length; place++) {
      sketches.put(place, this.#vectors.subarray(place * this.#dimensions, (place + 1) * this.#dimensions));
    }
  }
}

/** How many vectors fit into so many bytes with what is kept beside them. */
export function rowsWithin(maxBytes: number, dimensions: number): number {
  const small = Math.floor(Math.min(maxBytes, SMALL - 1) / 4 / dimensions);
  return Math.max(small, Math.floor(maxBytes / (4 * dimensions + (maxBytes < SMALL ? 0 : strideOf(dimensions)))));
}

function isLarge(bytes: number): boolean {
  return bytes >= SMALL && bytes <= LARGEST;
}
