import { channelError } from '../errors.ts';
import type { ChannelLimits } from '../limits.ts';
import type { ByteReader } from '../stream/byte-reader.ts';
import type { Budget } from './field-reader.ts';
import { createBudget, readSection, readText, takeText } from './field-reader.ts';
import { isFinalStatus, isInformational, isRequestControl } from './rules.ts';
import type { FieldLines, Framing, RequestHead, ResponseHead } from './types.ts';
import { readVarint } from './varint.ts';

/** What comes before content: exactly one of `request` and `response` is there. */
export interface ReceivedStart {
  readonly request?: RequestHead;
  readonly response?: ResponseHead;
  readonly informational: readonly ResponseHead[];
}

/** Reads one message, front to back, as its bytes arrive (RFC 9292 section 3). */
export interface MessageReader {
  /** The start; call it once, first. */
  readStart(): Promise<ReceivedStart>;
  /** The next piece of content as soon as any byte of it is there; `undefined` once the whole message has been checked. */
  readContent(): Promise<Uint8Array | undefined>;
  /** The trailers; there once `readContent` gave `undefined`. */
  trailers(): FieldLines | undefined;
}

const PADDING_READ = 65_536;

const malformed = (subject: string): Error => channelError('ERR_CHANNEL_MALFORMED_MESSAGE', { subject });

async function readRequest(reader: ByteReader, framing: Framing, budget: Budget): Promise<ReceivedStart> {
  const method = takeText(reader, budget) ?? (await readText(reader, budget));
  const scheme = takeText(reader, budget) ?? (await readText(reader, budget));
  const authority = takeText(reader, budget) ?? (await readText(reader, budget));
  const path = takeText(reader, budget) ?? (await readText(reader, budget));
  if (!isRequestControl({ method, scheme, authority, path })) throw malformed('request control data');
  const headers = await readSection(reader, framing, budget);
  return { request: { method, scheme, authority, path, headers }, informational: [] };
}

async function readResponse(reader: ByteReader, framing: Framing, budget: Budget): Promise<ReceivedStart> {
  const informational: ResponseHead[] = [];
  for (;;) {
    budget.spend(2);
    const response = { status: await readVarint(reader), headers: await readSection(reader, framing, budget) };
    if (isFinalStatus(response.status)) return { response, informational };
    if (!isInformational(response)) throw malformed('status');
    informational.push(response);
  }
}

async function readZeros(reader: ByteReader, limit: number): Promise<void> {
  const budget = createBudget(limit);
  for (;;) {
    const padding = await reader.takeSome(PADDING_READ);
    if (padding === undefined) return;
    budget.spend(padding.length);
    if (padding.some((byte) => byte !== 0)) throw malformed('padding');
  }
}

/**
 * A reader of one message over `reader`. Its methods throw ERR_CHANNEL_MALFORMED_MESSAGE, ERR_CHANNEL_TRUNCATED where
 * the message ends inside a part, ERR_CHANNEL_TOO_LARGE above `limits`, and what the source throws.
 */
export function createMessageReader(reader: ByteReader, limits: ChannelLimits): MessageReader {
  const content = createBudget(limits.contentBytes);
  let framing: Framing = 'known-length';
  let trailers: FieldLines | undefined;
  let remaining = 0;
  let started = false;

  /** Length of the next run of content bytes; 0 when content is over (RFC 9292 section 3.7). */
  async function nextRun(): Promise<number> {
    const isFirst = !started;
    started = true;
    if (framing === 'known-length' && !isFirst) return 0;
    if (isFirst && (await reader.atEnd())) return 0;
    const length = await readVarint(reader);
    content.spend(length);
    return length;
  }

  return {
    trailers: () => trailers,
    async readStart() {
      const budget = createBudget(limits.headBytes);
      const indicator = await readVarint(reader);
      if (indicator > 3) throw malformed('framing indicator');
      framing = indicator < 2 ? 'known-length' : 'indeterminate-length';
      return indicator % 2 === 0 ? readRequest(reader, framing, budget) : readResponse(reader, framing, budget);
    },
    async readContent() {
      if (trailers !== undefined) return undefined;
      if (remaining === 0) remaining = await nextRun();
      if (remaining === 0) {
        const section = await readSection(reader, framing, createBudget(limits.trailerBytes));
        await readZeros(reader, limits.paddingBytes);
        trailers = section;
        return undefined;
      }
      const piece = await reader.takeSome(remaining);
      if (piece === undefined) throw channelError('ERR_CHANNEL_TRUNCATED');
      remaining -= piece.length;
      return piece;
    },
  };
}
