import { isCloisterError } from '@cloister/core';
import { channelError } from '../errors.ts';
import type { MaybePromise } from '../platform/types.ts';

/** Pieces in order, pulled one at a time: what a stream is, without its price. */
export interface PieceSource {
  /** The next piece, `undefined` at the end; throws or rejects with what ends the pieces early. */
  readonly next: () => MaybePromise<Uint8Array | undefined>;
  /** Tells the producer to stop; never rejects. */
  readonly cancel: (reason?: unknown) => Promise<void>;
}

/** Pieces in order: a stream, or any source of the same pieces. */
export type Pieces = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | PieceSource;

/** Bodies as callers give them: pieces, one array, or nothing. */
export type Body = Pieces | Uint8Array | undefined;

/**
 * A stream that asks `source` for a piece only when its reader asks: nothing is buffered, so a slow reader holds the
 * sender. An error of the source becomes the stream's error.
 */
export function createPullStream(source: PieceSource): ReadableStream<Uint8Array> {
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

/** Makes the stream when it is first asked for: whoever reads the pieces themselves never pays for one. */
export function lazyStream(source: PieceSource): () => ReadableStream<Uint8Array> {
  let stream: ReadableStream<Uint8Array> | undefined;
  return () => (stream ??= createPullStream(source));
}

/** The pieces of a body, whatever it is; locks a stream. */
export function readPieces(pieces: Pieces): PieceSource {
  if ('getReader' in pieces) return readStream(pieces);
  if (!(Symbol.asyncIterator in pieces)) return pieces;
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

/** ERR_CHANNEL_INVALID_ARGUMENT for a piece that is no `Uint8Array`; errors of the stream unchanged. */
function readStream(stream: ReadableStream<Uint8Array>): PieceSource {
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
export function cancelOnError({ next, cancel }: PieceSource): PieceSource {
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
export function readWire(pieces: Pieces): PieceSource {
  const { next, cancel } = readPieces(pieces);
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
