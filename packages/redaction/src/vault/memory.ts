/**
 * Memory for the first numbers of all tables of a vault. What lies outside of the engine's heap is dear to get: a piece for each table
 * would cost more than all the rest of a small vault.
 */
export interface Memory {
  rest: ArrayBuffer | undefined;
  used: number;
}

const SIZE = 2048;

/** No piece yet: most vaults never hold anything. */
export function createMemory(): Memory {
  return { rest: undefined, used: 0 };
}

/** Zeros, `length` of them: out of the common piece while it lasts, and by themselves when they are many. */
export function takeNumbers(memory: Memory, length: number): Int32Array {
  const size = length * Int32Array.BYTES_PER_ELEMENT;
  if (memory.used + size > SIZE) return new Int32Array(length);
  memory.rest ??= new ArrayBuffer(SIZE);
  memory.used += size;
  return new Int32Array(memory.rest, memory.used - size, length);
}
