import type { Buffer } from 'node:buffer';
import { refuse } from './fail.ts';

/** An event as far as the verifier looks into it. */
export interface Event {
  readonly type: string;
  readonly [name: string]: unknown;
}

/** What every event has, in order. */
const MEMBERS = ['id', 'outcome', 'ts', 'type', 'v'];

// Nothing in an event is longer than a digest or a registered name, and nothing has a space: sentences do not fit.
const LONGEST_WORD = 128;
const DIGITS = '0123456789';
const [IS_DIGIT, IS_LETTER] = [DIGITS, `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz${DIGITS}._:/@-`].map(
  (set) => Uint8Array.from({ length: 256 }, (_, code) => Number(set.includes(String.fromCharCode(code)))),
) as [Uint8Array, Uint8Array];

/** Reads an entry: canonical JSON (RFC 8785) of whole numbers, booleans and single words. */
export function readEvent(entry: Buffer, index: number): Event {
  const text = entry.toString('latin1');
  const type = new Form(text).type();
  if (type === undefined) refuse(`event ${index} is not canonical or holds what is no word`);
  if (type === '') refuse(`event ${index} lacks a member`);
  // Only what the log says about itself is looked into.
  return type.startsWith('audit.') ? (JSON.parse(text) as Event) : { type };
}

/** A member that must be a whole number. */
export function countOf(event: Event, name: string, index: number): number {
  const value = event[name];
  return typeof value === 'number' ? value : refuse(`event ${index} lacks a member`);
}

/** The one form of an entry: no spaces, no escapes, names in order and none twice, numbers as JavaScript writes them. */
class Form {
  readonly #text: string;
  #at = 0;
  #type = '';
  /** How many of the members of every event were there. */
  #required = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The event's type; empty when a member is missing, `undefined` for any other form. */
  type(): string | undefined {
    if (!this.#object(true) || this.#at !== this.#text.length) return undefined;
    return this.#required === MEMBERS.length ? this.#type : '';
  }

  #object(isEvent: boolean): boolean {
    if (!this.#take('{')) return false;
    for (let before = ''; !this.#take('}');) {
      if (before !== '' && !this.#take(',')) return false;
      const name = this.#word();
      if (name <= before || !this.#take(':')) return false;
      const start = this.#at;
      if (!this.#value()) return false;
      if (isEvent && name === MEMBERS[this.#required]) this.#required += 1;
      if (isEvent && name === 'type' && this.#text[start] === '"')
        this.#type = this.#text.slice(start + 1, this.#at - 1);
      before = name;
    }
    return true;
  }

  #value(): boolean {
    if (this.#sees('"')) return this.#word() !== '';
    if (this.#sees('{')) return this.#object(false);
    return this.#take('true') || this.#take('false') || this.#number();
  }

  /** What is between the quotes; empty when it is no word. */
  #word(): string {
    if (!this.#take('"')) return '';
    const word = this.#while(IS_LETTER);
    return word.length <= LONGEST_WORD && this.#take('"') ? word : '';
  }

  #number(): boolean {
    const digits = this.#while(IS_DIGIT);
    return Number.isSafeInteger(Number(digits)) && String(Number(digits)) === digits;
  }

  #while(isPart: Uint8Array): string {
    const start = this.#at;
    while (isPart[this.#text.charCodeAt(this.#at)] === 1) this.#at += 1;
    return this.#text.slice(start, this.#at);
  }

  #sees(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  #take(text: string): boolean {
    const isThere = this.#sees(text);
    if (isThere) this.#at += text.length;
    return isThere;
  }
}
