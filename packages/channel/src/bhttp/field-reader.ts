import { platform } from '#platform';
import { isCloisterError } from '@cloister/core';
import { channelError } from '../errors.ts';
import { ByteReader } from '../stream/byte-reader.ts';
import { isFieldName, isFieldValue } from './rules.ts';
import type { FieldLines, Framing } from './types.ts';
import { readVarint } from './varint.ts';

/** Bytes that a part of a message may still use. */
export interface Budget {
  /** Bytes that are left. */
  readonly left: number;
  /** Takes `length` bytes off. @throws ERR_CHANNEL_TOO_LARGE when they are not left */
  spend(length: number): void;
}

/** A budget of `limit` bytes. */
export function createBudget(limit: number): Budget {
  let left = limit;
  return {
    get left() {
      return left;
    },
    spend(length) {
      if (length > left) throw channelError('ERR_CHANNEL_TOO_LARGE', { detail: { limit } });
      left -= length;
    },
  };
}

/** A length and as many bytes, as a byte string, if they are all at hand: a head mostly is, and then costs no promise. */
export function takeText(reader: ByteReader, budget: Budget): string | undefined {
  const bytes = reader.takePrefixed(budget.left - 1);
  if (bytes === undefined) return undefined;
  budget.spend(bytes.length + 1);
  return platform.toByteString(bytes);
}

/** A length and as many bytes, as a byte string. */
export async function readText(reader: ByteReader, budget: Budget): Promise<string> {
  for (;;) {
    const text = takeText(reader, budget);
    if (text !== undefined) return text;
    await reader.more();
  }
}

function line(name: string, value: string): [name: string, value: string] {
  if (!isFieldName(name) || !isFieldValue(value))
    throw channelError('ERR_CHANNEL_MALFORMED_MESSAGE', { subject: 'field' });
  return [name, value];
}

async function readLines(reader: ByteReader, budget: Budget): Promise<FieldLines> {
  const lines: [string, string][] = [];
  for (;;) {
    const name = takeText(reader, budget) ?? (await readText(reader, budget));
    if (name === '') return lines;
    lines.push(line(name, takeText(reader, budget) ?? (await readText(reader, budget))));
  }
}

async function readKnownLines(section: Uint8Array): Promise<FieldLines> {
  const pieces = [section];
  const inner = new ByteReader(() => pieces.pop());
  const budget = createBudget(Infinity);
  const lines: [string, string][] = [];
  while (!(await inner.atEnd())) {
    const name = takeText(inner, budget) ?? (await readText(inner, budget));
    lines.push(line(name, takeText(inner, budget) ?? (await readText(inner, budget))));
  }
  return lines;
}

/** A line that overruns its section is malformed, not cut: the section itself is all there. */
async function readKnownSection(section: Uint8Array): Promise<FieldLines> {
  try {
    return await readKnownLines(section);
  } catch (error) {
    const isCut = isCloisterError(error) && error.code === 'ERR_CHANNEL_TRUNCATED';
    throw isCut ? channelError('ERR_CHANNEL_MALFORMED_MESSAGE', { subject: 'field section' }) : error;
  }
}

/**
 * A field section (RFC 9292 section 3.6). A section that is missing because the message ended counts as empty
 * (section 3.8).
 * @throws ERR_CHANNEL_MALFORMED_MESSAGE, ERR_CHANNEL_TRUNCATED, ERR_CHANNEL_TOO_LARGE
 */
export async function readSection(reader: ByteReader, framing: Framing, budget: Budget): Promise<FieldLines> {
  if (await reader.atEnd()) return [];
  if (framing === 'indeterminate-length') return readLines(reader, budget);
  const length = await readVarint(reader);
  budget.spend(length);
  return readKnownSection(await reader.take(length));
}
