import { isCloisterError } from '@cloister/core';
import { channelError } from '../errors.ts';
import type { ByteSource } from './byte-reader.ts';

/** A source that can be given up before its end. */
export interface CancellableSource {
  readonly next: ByteSource;
  /** Tells the producer to stop; never rejects. */
  readonly cancel: (reason?: unknown) => Promise<void>;
}

/** Pieces in order: a stream, or any source of the same pieces without a stream's price. */
export type Pieces = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** Bodies as callers give them: pieces, one array, or nothing. */
export type Body = Pieces | Uint8Array | undefined;

/**
 * A stream that asks `source` for a piece only when its reader asks: nothing is buffered, so a slow reader holds the
 * sender. An error of the source becomes the stream's error.
 */
export function createPullStream(source: CancellableSource): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const piece = await source.next();
        if (piece === undefined) controller.close();
        else controller.enqueue(piece);
      },
      cancel: (reason) => source.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** Pieces of a body; locks a stream. */
export function readPieces(pieces: Pieces): CancellableSource {
  if ('getReader' in pieces) return readStream(pieces);
  const iterator = pieces[Symbol.asyncIterator]();
  return {
    async next() {
      const next = await iterator.next();
      return next.done === true ? undefined : requireBytes(next.value);
    },
    async cancel() {
      try {
        await iterator.return?.();
      } catch {
        // Whoever cancels is not interested in how the producer ends.
      }
    },
  };
}

function requireBytes(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw channelError('ERR_CHANNEL_INVALID_ARGUMENT', { subject: 'body' });
  return value;
}

/**
 * Pieces of a stream; locks it.
 * @throws ERR_CHANNEL_INVALID_ARGUMENT from `next` for a piece that is no `Uint8Array`; errors of the stream unchanged
 */
export function readStream(stream: ReadableStream<Uint8Array>): CancellableSource {
  const reader = stream.getReader();
  return {
    async next() {
      const { done, value } = await reader.read();
      return done ? undefined : requireBytes(value);
    },
    cancel: (reason) => reader.cancel(reason).catch(() => undefined),
  };
}

/** The same source, which is given up as soon as it fails. */
export function cancelOnError({ next, cancel }: CancellableSource): CancellableSource {
  return {
    cancel,
    async next() {
      try {
        return await next();
      } catch (error) {
        void cancel(error);
        throw error;
      }
    },
  };
}

/** Pieces that came over the network: a broken connection is a cut message, except where the caller aborted. */
export function readWire(stream: ReadableStream<Uint8Array>): CancellableSource {
  const { next, cancel } = readStream(stream);
  return {
    cancel,
    async next() {
      try {
        return await next();
      } catch (error) {
        if (isCloisterError(error) || (error instanceof Error && error.name === 'AbortError')) throw error;
        throw channelError('ERR_CHANNEL_TRUNCATED', { cause: error });
      }
    },
  };
}
