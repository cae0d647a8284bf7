import { isCloisterError } from '@cloister/core';
import { channelError } from '../errors.ts';
import { ByteReader } from '../stream/byte-reader.ts';
import { toByteString } from './byte-string.ts';
import { isFieldName, isFieldValue } from './rules.ts';
import type { FieldLines, Framing } from './types.ts';
import { readVarint } from './varint.ts';

/** Bytes that a part of a message may still use. */
export interface Budget {
  /** Takes `length` bytes off. @throws ERR_CHANNEL_TOO_LARGE when they are not left */
  spend(length: number): void;
}

/** A budget of `limit` bytes. */
export function createBudget(limit: number): Budget {
  let left = limit;
  return {
    spend(length) {
      if (length > left) throw channelError('ERR_CHANNEL_TOO_LARGE', { detail: { limit } });
      left -= length;
    },
  };
}

/** A length and as many bytes, as a byte string. */
export async function readText(reader: ByteReader, budget: Budget): Promise<string> {
  const length = await readVarint(reader);
  budget.spend(length + 1);
  return toByteString(await reader.take(length));
}

async function readValue(reader: ByteReader, name: string, budget: Budget): Promise<string> {
  const value = await readText(reader, budget);
  if (!isFieldName(name) || !isFieldValue(value))
    throw channelError('ERR_CHANNEL_MALFORMED_MESSAGE', { subject: 'field' });
  return value;
}

async function readLines(reader: ByteReader, budget: Budget): Promise<FieldLines> {
  const lines: [string, string][] = [];
  for (;;) {
    const name = await readText(reader, budget);
    if (name === '') return lines;
    lines.push([name, await readValue(reader, name, budget)]);
  }
}

async function readKnownLines(section: Uint8Array): Promise<FieldLines> {
  const pieces = [section];
  const inner = new ByteReader(() => pieces.pop());
  const budget = createBudget(Infinity);
  const lines: [string, string][] = [];
  while (!(await inner.atEnd())) {
    const name = await readText(inner, budget);
    lines.push([name, await readValue(inner, name, budget)]);
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
