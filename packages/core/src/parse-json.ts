import { fromUtf8 } from './bytes.ts';
import { jsonError } from './json-errors.ts';
import type { JsonErrorCode } from './json-errors.ts';

/** What JSON can express. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object. A member `__proto__` is an own property like any other. */
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** Bounds of `parseJson`. */
export interface ParseJsonOptions {
  /** The longest input: bytes, or UTF-16 units of a text; 16 Mi unless said. */
  readonly maxBytes?: number;
  /** How deep arrays and objects may nest; 128 unless said, at most 1000. */
  readonly maxDepth?: number;
}

interface Cursor {
  readonly text: string;
  at: number;
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// eslint-disable-next-line no-control-regex -- RFC 8259 section 7 names exactly these
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const HEX4 = /[0-9a-fA-F]{4}/y;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

/**
 * Parses JSON exactly as RFC 8259 defines it and refuses whatever two parsers could read differently (RFC 7493):
 * duplicate member names, lone surrogates, ill-formed UTF-8, a byte order mark, integers beyond 2^53 - 1, numbers that
 * overflow. Errors never quote the input.
 * @throws CloisterError `ERR_CORE_JSON_SYNTAX`, `_DUPLICATE_NAME`, `_TEXT`, `_NUMBER`, `_DEPTH` or `_SIZE`, the place in
 *   `detail.offset` (UTF-16 units)
 */
export function parseJson(input: string | Uint8Array, options: ParseJsonOptions = {}): JsonValue {
  const limit = options.maxBytes ?? 16 * 1024 * 1024;
  if (input.length > limit) throw jsonError('ERR_CORE_JSON_SIZE', { detail: { limit } });
  const cursor: Cursor = { text: typeof input === 'string' ? input : decode(input), at: 0 };
  skipSpace(cursor);
  const value = parseValue(cursor, Math.min(options.maxDepth ?? 128, 1000));
  skipSpace(cursor);
  if (cursor.at !== cursor.text.length) throw failure(cursor);
  return value;
}

function decode(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch {
    throw jsonError('ERR_CORE_JSON_TEXT');
  }
}

function failure(cursor: Cursor, code: JsonErrorCode = 'ERR_CORE_JSON_SYNTAX'): Error {
  return jsonError(code, { detail: { offset: cursor.at } });
}

function skipSpace(cursor: Cursor): void {
  const { text } = cursor;
  for (;;) {
    const unit = text.charCodeAt(cursor.at);
    if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
    cursor.at++;
  }
}

/** Takes the character when it is next, then white space. */
function take(cursor: Cursor, character: string): boolean {
  if (cursor.text[cursor.at] !== character) return false;
  cursor.at++;
  skipSpace(cursor);
  return true;
}

function expect(cursor: Cursor, character: string): void {
  if (!take(cursor, character)) throw failure(cursor);
}

function parseValue(cursor: Cursor, depth: number): JsonValue {
  switch (cursor.text[cursor.at]) {
    case '"':
      return parseText(cursor);
    case '{':
      return parseObject(cursor, depth - 1);
    case '[':
      return parseArray(cursor, depth - 1);
    case 't':
      return parseWord(cursor, 'true', true);
    case 'f':
      return parseWord(cursor, 'false', false);
    case 'n':
      return parseWord(cursor, 'null', null);
    default:
      return parseNumber(cursor);
  }
}

function parseWord<T extends boolean | null>(cursor: Cursor, word: string, value: T): T {
  if (!cursor.text.startsWith(word, cursor.at)) throw failure(cursor);
  cursor.at += word.length;
  return value;
}

function match(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text)?.[0];
  if (found === undefined) throw failure(cursor);
  return found;
}

function parseNumber(cursor: Cursor): number {
  const digits = match(cursor, NUMBER);
  const value = Number(digits);
  const exact = /[.eE]/.test(digits) ? Number.isFinite(value) : Number.isSafeInteger(value);
  if (!exact) throw failure(cursor, 'ERR_CORE_JSON_NUMBER');
  cursor.at += digits.length;
  return value;
}

function parseText(cursor: Cursor): string {
  const start = cursor.at++;
  let value = '';
  for (;;) {
    const run = match(cursor, PLAIN);
    cursor.at += run.length;
    value += run;
    const next = cursor.text[cursor.at];
    if (next === '"') break;
    if (next !== '\\') throw failure(cursor);
    value += parseEscape(cursor);
  }
  cursor.at++;
  if (!value.isWellFormed()) throw failure({ text: cursor.text, at: start }, 'ERR_CORE_JSON_TEXT');
  return value;
}

function parseEscape(cursor: Cursor): string {
  const letter = cursor.text[cursor.at + 1] ?? '';
  if (letter !== 'u') {
    const value = ESCAPES.get(letter);
    if (value === undefined) throw failure(cursor);
    cursor.at += 2;
    return value;
  }
  cursor.at += 2;
  const digits = match(cursor, HEX4);
  cursor.at += 4;
  return String.fromCharCode(Number.parseInt(digits, 16));
}

function parseArray(cursor: Cursor, depth: number): JsonValue[] {
  if (depth < 0) throw failure(cursor, 'ERR_CORE_JSON_DEPTH');
  const items: JsonValue[] = [];
  expect(cursor, '[');
  if (take(cursor, ']')) return items;
  do {
    items.push(parseValue(cursor, depth));
    skipSpace(cursor);
  } while (take(cursor, ','));
  expect(cursor, ']');
  return items;
}

function parseObject(cursor: Cursor, depth: number): JsonObject {
  if (depth < 0) throw failure(cursor, 'ERR_CORE_JSON_DEPTH');
  const members: Record<string, JsonValue> = {};
  expect(cursor, '{');
  if (take(cursor, '}')) return members;
  do {
    parseMember(cursor, members, depth);
    skipSpace(cursor);
  } while (take(cursor, ','));
  expect(cursor, '}');
  return members;
}

function parseMember(cursor: Cursor, members: Record<string, JsonValue>, depth: number): void {
  if (cursor.text[cursor.at] !== '"') throw failure(cursor);
  const start = cursor.at;
  const name = parseText(cursor);
  if (Object.hasOwn(members, name)) throw failure({ text: cursor.text, at: start }, 'ERR_CORE_JSON_DUPLICATE_NAME');
  skipSpace(cursor);
  expect(cursor, ':');
  const value = parseValue(cursor, depth);
  if (name !== '__proto__') members[name] = value;
  // Assignment would set the prototype; a definition makes it a member.
  else Object.defineProperty(members, name, { value, enumerable: true, configurable: true, writable: true });
}
