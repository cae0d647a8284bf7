import { concat, utf8 } from '@cloister/core';

/** One token: its id and the text that becomes visible with it (empty inside a character of two tokens). */
export interface Piece {
  readonly id: number;
  readonly text: string;
}

/** Opens a message of the chat template. */
export const MESSAGE_START = 5_000_000_000;
/** Closes a message of the chat template; also what a model emits when it has finished. */
export const MESSAGE_END = 5_000_000_001;

const CHUNK = / ?[A-Za-z]+| ?\d| ?[^\sA-Za-z\d]+|\s+/gu;
const LONGEST = 4;
/** The first id of each length, so that ids of different lengths never meet. */
const OFFSETS = [0, 0, 0x100, 0x1_0100, 0x101_0100] as const;

function idOf(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0) + (OFFSETS[bytes.length] ?? 0);
}

function bytesOf(id: number): Uint8Array {
  const length = id < 0x100 ? 1 : id < 0x1_0100 ? 2 : id < 0x101_0100 ? 3 : LONGEST;
  let value = id - (OFFSETS[length] ?? 0);
  const bytes = new Uint8Array(length);
  for (let index = length - 1; index >= 0; index--, value = Math.floor(value / 256)) bytes[index] = value % 256;
  return bytes;
}

function utf8Length(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
}

function* cutChunk(chunk: string): Generator<Piece> {
  let text = '';
  let size = 0;
  for (const character of chunk) {
    const length = utf8Length(character);
    if (size > 0 && size + length > LONGEST) {
      yield { id: idOf(utf8(text)), text };
      text = '';
      size = 0;
    }
    if (length === LONGEST) {
      const bytes = utf8(character);
      yield { id: idOf(bytes.subarray(0, 2)), text: '' };
      yield { id: idOf(bytes.subarray(2)), text: character };
    } else {
      text += character;
      size += length;
    }
  }
  if (size > 0) yield { id: idOf(utf8(text)), text };
}

/**
 * Cuts a text into token-like pieces of at most four UTF-8 bytes. The id is the bytes themselves, so no two pieces share
 * one: a prefix-cache hit is never a collision. Digits and punctuation stand alone, so a redaction token spans many pieces.
 */
export function tokenize(text: string): Piece[] {
  return Array.from(text.toWellFormed().match(CHUNK) ?? []).flatMap((chunk) => [...cutChunk(chunk)]);
}

/** The text of token ids; the chat template's own tokens have none. Bytes that are no UTF-8 become U+FFFD. */
export function detokenize(ids: readonly number[]): string {
  const bytes = ids.filter((id) => Number.isSafeInteger(id) && id >= 0 && id < MESSAGE_START).map(bytesOf);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(concat(...bytes));
}

/** A message as the template sees it: text only. */
export interface TemplateMessage {
  readonly role: string;
  readonly content: string;
}

/** Token ids of a conversation in a ChatML-like template, ending where the assistant's turn begins unless told otherwise. */
export function tokenizeChat(messages: readonly TemplateMessage[], addGenerationPrompt = true): number[] {
  const ids = (text: string): number[] => tokenize(text).map((piece) => piece.id);
  const turns = messages.flatMap(({ role, content }) => [
    MESSAGE_START,
    ...ids(`${role}\n`),
    ...ids(content),
    MESSAGE_END,
    ...ids('\n'),
  ]);
  return addGenerationPrompt ? [...turns, MESSAGE_START, ...ids('assistant\n')] : turns;
}
