import { isCloisterError } from '@cloister/core';
import { channelError } from '../errors.ts';
import type { ByteSource } from './byte-reader.ts';

/** A source that can be given up before its end. */
export interface CancellableSource {
  readonly next: ByteSource;
  /** Tells the producer to stop; never rejects. */
  readonly cancel: (reason?: unknown) => Promise<void>;
}

/** Bodies as callers give them: a stream, one array, or nothing. */
export type Body = ReadableStream<Uint8Array> | Uint8Array | undefined;

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

/**
 * Pieces of a stream; locks it.
 * @throws ERR_CHANNEL_INVALID_ARGUMENT from `next` for a piece that is no `Uint8Array`; errors of the stream unchanged
 */
export function readStream(stream: ReadableStream<Uint8Array>): CancellableSource {
  const reader = stream.getReader();
  return {
    async next() {
      const { done, value } = await reader.read();
      if (done) return undefined;
      if (!(value instanceof Uint8Array)) throw channelError('ERR_CHANNEL_INVALID_ARGUMENT', { subject: 'body' });
      return value;
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
