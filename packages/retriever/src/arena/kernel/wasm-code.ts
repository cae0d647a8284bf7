/** WebAssembly code of one expression or more, in the binary format (WebAssembly Core 2.0, section 5). */
export type Code = readonly number[];

/** Value types of parameters and locals (section 5.3.1). */
export const TYPES = { i32: 0x7f, v128: 0x7b } as const;

/** Instructions without immediate operands (section 5.4); the vector ones carry their prefix. */
const PLAIN = {
  'i32.eqz': [0x45],
  'i32.ge_u': [0x4f],
  'i32.add': [0x6a],
  'f32.add': [0x92],
  'f32.mul': [0x94],
  'f32.convert_i32_s': [0xb2],
  'i32x4.add': [0xfd, 0xae, 0x01],
  'i32x4.dot_i16x8_s': [0xfd, 0xba, 0x01],
} as const;

/** Calls one of the plain instructions on its operands: `op('i32.add', left, right)`. */
export function op(name: keyof typeof PLAIN, ...operands: readonly Code[]): Code {
  return [...operands.flat(), ...PLAIN[name]];
}

/** The sum of two integers. */
export const add = (left: Code, right: Code): Code => op('i32.add', left, right);

/** The value of a local. */
export const get = (local: number): Code => [0x20, ...unsigned(local)];

/** Sets a local. */
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];

/** A constant integer. */
export const i32 = (value: number): Code => [0x41, ...signed(value)];

/** A vector of zeros. */
export const zeroLanes: Code = [0xfd, 0x0c, ...Array.from({ length: 16 }, () => 0)];

/** One of the four integers of a vector. */
export const lane = (index: number, vector: Code): Code => [...vector, 0xfd, 0x1b, index];

/** A vector from memory, aligned to four bytes. */
export const loadLanes = (address: Code, offset: number): Code => [...address, 0xfd, 0x00, 2, ...unsigned(offset)];

/** Eight signed bytes from memory, each made 16 bits wide. */
export const loadBytes = (address: Code, offset: number): Code => [...address, 0xfd, 0x01, 3, ...unsigned(offset)];

/** One float from memory. */
export const loadFloat = (address: Code, offset: number): Code => [...address, 0x2a, 2, ...unsigned(offset)];

/** Writes one float to memory. */
export const storeFloat = (address: Code, value: Code): Code => [...address, ...value, 0x38, 2, 0];

/** Repeats `body` until `condition` holds; it is asked first. */
export function until(condition: Code, ...body: readonly Code[]): Code {
  const [block, loop, empty, branch, branchIf, end] = [0x02, 0x03, 0x40, 0x0c, 0x0d, 0x0b];
  return [block, empty, loop, empty, ...condition, branchIf, 1, ...body.flat(), branch, 0, end, end];
}

/**
 * A module with one exported function `run` of integers over the memory that it is given as `env.memory`.
 * @param parameters how many integers; @param locals types of further locals, in runs
 */
export function assembleModule(
  parameters: number,
  locals: readonly (readonly [count: number, type: number])[],
  body: Code,
): Uint8Array<ArrayBuffer> {
  const declared = vector(locals.map(([count, type]) => [...unsigned(count), type]));
  const code = [...declared, ...body, 0x0b];
  const parts: readonly Code[] = [
    [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    section(1, [[0x60, ...vector(Array.from({ length: parameters }, () => [TYPES.i32])), ...vector([])]]),
    section(2, [[...name('env'), ...name('memory'), 0x02, 0x00, 1]]),
    section(3, [[0]]),
    section(7, [[...name('run'), 0x00, 0]]),
    section(10, [sized(code)]),
  ];
  return Uint8Array.from(parts.flat());
}

function section(id: number, items: readonly Code[]): Code {
  return [id, ...sized(vector(items))];
}

function sized(code: Code): Code {
  return [...unsigned(code.length), ...code];
}

function vector(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()];
}

/** Names here are ASCII. */
function name(text: string): Code {
  return sized(Array.from(text, (character) => character.charCodeAt(0)));
}

/** LEB128 of an unsigned integer (section 5.2.2). */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** LEB128 of a signed integer (section 5.2.2). */
function signed(value: number): Code {
  return value >= -0x40 && value < 0x40 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
