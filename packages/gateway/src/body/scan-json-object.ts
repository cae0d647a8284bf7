import { isUtf8 } from 'node:buffer';
import { fromUtf8 } from '@cloister/core';
import { gatewayError } from '../errors.ts';

/** One member of the outermost object. The value is the half-open byte range `start` to `end` of the text. */
export interface JsonMember {
  readonly start: number;
  readonly end: number;
}

/** Where the members of a JSON object lie. */
export interface ScannedObject {
  /** Members of the outermost object by decoded name. */
  readonly members: ReadonlyMap<string, JsonMember>;
  /** Offset just after the opening brace: the place to insert a member. */
  readonly inside: number;
}

/** Called for every member name at depth two or more. `path` has one name per object and `[]` per array around it. */
export type MemberVisitor = (path: readonly string[], name: string) => void;

/**
 * Called for every text that is a value.
 * @param path as `MemberVisitor` has it
 * @param step the member's name, or `[]` within an array
 * @param place the half-open byte range of the JSON text, quotes included
 */
export type TextVisitor = (path: readonly string[], step: string, place: JsonMember) => void;

/** What is told while the outline is read. */
export interface ScanVisitors {
  readonly member?: MemberVisitor;
  readonly text?: TextVisitor;
}

/** Deepest nesting that is read. */
const MAX_DEPTH = 128;
/** Longest member name, in bytes of its JSON text. */
const MAX_NAME = 1024;

const [QUOTE, BACKSLASH, COMMA, COLON, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [
  0x22, 0x5c, 0x2c, 0x3a, 0x7b, 0x7d, 0x5b, 0x5d,
] as const;
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;
const ESCAPED = new Set(Array.from('"\\/bfnrt', (character) => character.charCodeAt(0)));
const HEX_DIGITS = /^[0-9a-fA-F]{4}$/;
const MAX_NUMBER = 400;

/**
 * Reads the outline of a JSON object without building it (RFC 8259): checks the whole grammar, so that no later reader
 * sees another structure, and keeps the places of the outermost members, so that a value can be replaced in the text.
 * Numbers are never converted: 64-bit integers survive.
 * @throws ERR_GATEWAY_BODY_NOT_JSON, ERR_GATEWAY_BODY_DUPLICATE_MEMBER (outermost members only)
 */
export function scanJsonObject(text: Uint8Array, visitors: ScanVisitors = {}): ScannedObject {
  if (!isUtf8(text)) throw gatewayError('ERR_GATEWAY_BODY_NOT_JSON');
  return new Scanner(text, visitors).scan();
}

class Scanner {
  readonly #text: Uint8Array;
  readonly #visitors: ScanVisitors;
  readonly #path: string[] = [];
  readonly #members = new Map<string, JsonMember>();
  #at = 0;

  constructor(text: Uint8Array, visitors: ScanVisitors) {
    this.#text = text;
    this.#visitors = visitors;
  }

  scan(): ScannedObject {
    this.#space();
    if (this.#text[this.#at] !== OPEN_BRACE) this.#refuse();
    const inside = this.#at + 1;
    this.#object();
    this.#space();
    if (this.#at !== this.#text.length) this.#refuse();
    return { members: this.#members, inside };
  }

  #refuse(): never {
    throw gatewayError('ERR_GATEWAY_BODY_NOT_JSON', { detail: { offset: this.#at } });
  }

  #space(): void {
    for (;;) {
      const byte = this.#text[this.#at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.#at += 1;
    }
  }

  #expect(byte: number): void {
    this.#space();
    if (this.#text[this.#at] !== byte) this.#refuse();
    this.#at += 1;
  }

  /** Whether another element follows; steps over the comma or the closing byte. */
  #continues(close: number): boolean {
    this.#space();
    const byte = this.#text[this.#at];
    if (byte !== COMMA && byte !== close) this.#refuse();
    this.#at += 1;
    return byte === COMMA;
  }

  #closesAtOnce(close: number): boolean {
    this.#at += 1;
    this.#space();
    if (this.#text[this.#at] !== close) return false;
    this.#at += 1;
    return true;
  }

  #object(): void {
    if (this.#closesAtOnce(CLOSE_BRACE)) return;
    do this.#member();
    while (this.#continues(CLOSE_BRACE));
  }

  #member(): void {
    const name = this.#name();
    this.#expect(COLON);
    this.#space();
    const outermost = this.#path.length === 0;
    if (!outermost) this.#visitors.member?.(this.#path, name);
    else if (this.#members.has(name)) throw gatewayError('ERR_GATEWAY_BODY_DUPLICATE_MEMBER');
    const start = this.#at;
    this.#value(name);
    if (outermost) this.#members.set(name, { start, end: this.#at });
  }

  #name(): string {
    this.#space();
    const start = this.#at;
    this.#string();
    if (this.#at - start > MAX_NAME) this.#refuse();
    return JSON.parse(fromUtf8(this.#text.subarray(start, this.#at))) as string;
  }

  /** @param step how the value is called in the path of what it contains */
  #value(step: string): void {
    const byte = this.#text[this.#at];
    if (byte === QUOTE) {
      const start = this.#at;
      this.#string();
      return this.#visitors.text?.(this.#path, step, { start, end: this.#at });
    }
    if (byte !== OPEN_BRACE && byte !== OPEN_BRACKET) return this.#scalar();
    if (this.#path.push(step) > MAX_DEPTH) this.#refuse();
    if (byte === OPEN_BRACE) this.#object();
    else this.#array();
    this.#path.pop();
  }

  #array(): void {
    if (this.#closesAtOnce(CLOSE_BRACKET)) return;
    do {
      this.#space();
      this.#value('[]');
    } while (this.#continues(CLOSE_BRACKET));
  }

  #string(): void {
    if (this.#text[this.#at] !== QUOTE) this.#refuse();
    for (this.#at += 1; ; this.#at += 1) {
      const byte = this.#text[this.#at];
      if (byte === undefined || byte < 0x20) this.#refuse();
      if (byte === QUOTE) break;
      if (byte === BACKSLASH) this.#escape();
    }
    this.#at += 1;
  }

  #escape(): void {
    this.#at += 1;
    const byte = this.#text[this.#at];
    if (byte === undefined) this.#refuse();
    if (byte !== 0x75) return ESCAPED.has(byte) ? undefined : this.#refuse();
    if (!HEX_DIGITS.test(String.fromCharCode(...this.#text.subarray(this.#at + 1, this.#at + 5)))) this.#refuse();
    this.#at += 4;
  }

  #scalar(): void {
    const start = this.#at;
    while (isScalarByte(this.#text[this.#at])) this.#at += 1;
    if (this.#at - start > MAX_NUMBER) this.#refuse();
    const word = String.fromCharCode(...this.#text.subarray(start, this.#at));
    if (word !== 'true' && word !== 'false' && word !== 'null' && !NUMBER.test(word)) this.#refuse();
  }
}

function isScalarByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x45 ||
    byte === 0x2b ||
    byte === 0x2d ||
    byte === 0x2e
  );
}
