import { utf8 } from './bytes.ts';
import { jsonError } from './json-errors.ts';

/** Bounds of `canonicalJson`. */
export interface CanonicalJsonOptions {
  /** How deep arrays and objects may nest; 128 unless said. A value that refers to itself runs into it. */
  readonly maxDepth?: number;
  /** The longest text, in UTF-16 units; 16 Mi unless said. */
  readonly maxLength?: number;
}

interface Output {
  readonly parts: string[];
  length: number;
  readonly maxLength: number;
}

/**
 * The canonical form of a value (RFC 8785): members sorted by UTF-16 code units, ECMAScript numbers, no white space.
 * Stricter than `JSON.stringify`: nothing is dropped or converted silently, and `toJSON` is a member like any other.
 * @returns UTF-8 bytes
 * @throws CloisterError `ERR_CORE_JSON_VALUE` on undefined, functions, symbols, bigints, accessors, holes and objects
 *   that are not plain; `ERR_CORE_JSON_NUMBER` on a non-finite number; `ERR_CORE_JSON_TEXT` on a lone surrogate;
 *   `ERR_CORE_JSON_DEPTH` and `ERR_CORE_JSON_SIZE` at the bounds
 */
export function canonicalJson(value: unknown, options?: CanonicalJsonOptions): Uint8Array {
  return utf8(canonicalJsonText(value, options));
}

/** As `canonicalJson`, as a text. */
export function canonicalJsonText(value: unknown, options: CanonicalJsonOptions = {}): string {
  const output: Output = { parts: [], length: 0, maxLength: options.maxLength ?? 16 * 1024 * 1024 };
  writeValue(output, value, options.maxDepth ?? 128);
  return output.parts.join('');
}

function write(output: Output, text: string): void {
  output.length += text.length;
  if (output.length > output.maxLength) throw jsonError('ERR_CORE_JSON_SIZE', { detail: { limit: output.maxLength } });
  output.parts.push(text);
}

function writeValue(output: Output, value: unknown, depth: number): void {
  if (value === null || value === true || value === false) return write(output, String(value));
  if (typeof value === 'string') return writeText(output, value);
  if (typeof value === 'number') return writeNumber(output, value);
  if (typeof value !== 'object') throw jsonError('ERR_CORE_JSON_VALUE');
  if (depth <= 0) throw jsonError('ERR_CORE_JSON_DEPTH');
  if (Array.isArray(value)) writeArray(output, value, depth - 1);
  else writeObject(output, value, depth - 1);
}

function writeText(output: Output, text: string): void {
  if (!text.isWellFormed()) throw jsonError('ERR_CORE_JSON_TEXT');
  // On well-formed text this is exactly the escaping of RFC 8785 section 3.2.2.2.
  write(output, JSON.stringify(text));
}

function writeNumber(output: Output, value: number): void {
  if (!Number.isFinite(value)) throw jsonError('ERR_CORE_JSON_NUMBER');
  // ECMAScript's Number::toString, which RFC 8785 section 3.2.2.3 prescribes; it writes minus zero as `0`.
  write(output, String(value));
}

function writeArray(output: Output, items: readonly unknown[], depth: number): void {
  write(output, '[');
  for (let index = 0; index < items.length; index++) {
    if (index > 0) write(output, ',');
    writeValue(output, items[index], depth);
  }
  write(output, ']');
}

function writeObject(output: Output, value: object, depth: number): void {
  let separator = '{';
  for (const name of memberNames(value)) {
    const member = Object.getOwnPropertyDescriptor(value, name);
    if (member === undefined || !('value' in member) || member.enumerable !== true)
      throw jsonError('ERR_CORE_JSON_VALUE');
    write(output, separator);
    writeText(output, name);
    write(output, ':');
    writeValue(output, member.value, depth);
    separator = ',';
  }
  write(output, separator === '{' ? '{}' : '}');
}

/** The names in the order of RFC 8785 section 3.2.3; JavaScript's own sort compares UTF-16 code units. */
function memberNames(value: object): readonly string[] {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) throw jsonError('ERR_CORE_JSON_VALUE');
  const names = Reflect.ownKeys(value);
  if (!names.every((name) => typeof name === 'string')) throw jsonError('ERR_CORE_JSON_VALUE');
  return names.toSorted();
}
