import { type Pieces, type PieceSource, readPieces } from '@cloister/channel';
import { createChunkTracker } from './track-chunks.ts';

/** What a resumed answer needs. */
export interface ResumeSourceOptions {
  /** Length of the response nonce, bytes. */
  readonly nonceBytes: number;
  /** How often in a row a connection may break without a byte having arrived in between. */
  readonly attempts: number;
  /** The answer's sealed bytes from `offset` on. @throws when the enclave cannot be reached; `undefined` when it says no */
  readonly reconnect: (offset: number) => Promise<ReadableStream<Uint8Array> | undefined>;
  /** Tells the enclave that nobody wants the rest. */
  readonly abandon: () => void;
  readonly signal: AbortSignal | undefined;
}

/** Milliseconds before the first try; each further one waits twice as long. */
const FIRST_PAUSE = 50;

/**
 * The sealed bytes of one answer over as many connections as it takes. A connection that breaks, or that ends before the
 * final chunk has begun, is replaced; what had arrived is kept and not asked for again. An abort is passed on.
 */
export function resumeSource(first: Pieces, options: ResumeSourceOptions): ReadableStream<Uint8Array> {
  const { signal, attempts, reconnect, abandon } = options;
  const chunks = createChunkTracker(options.nonceBytes);
  let source = readPieces(first);
  let offset = 0;
  let failures = 0;
  signal?.addEventListener('abort', abandon, { once: true });
  const settle = (): void => signal?.removeEventListener('abort', abandon);

  /** The next bytes; `undefined` at the end. */
  const next = async (): Promise<Uint8Array | undefined> => {
    for (;;) {
      const piece = await readOrFail(source);
      if (piece instanceof Uint8Array) {
        failures = 0;
        offset += piece.length;
        chunks.push(piece);
        return piece;
      }
      if (piece.error === undefined && chunks.isFinal) return undefined;
      signal?.throwIfAborted();
      source = await renew(piece.error);
    }
  };
  const renew = async (error: unknown): Promise<PieceSource> => {
    const cause = error ?? new TypeError('the connection ended early');
    for (; failures < attempts; failures++) {
      await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE * 2 ** failures));
      signal?.throwIfAborted();
      const stream = await reconnect(offset).catch(() => null);
      if (stream === undefined) break;
      if (stream !== null) {
        failures++;
        return readPieces(stream);
      }
    }
    throw cause;
  };
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const piece = await next();
          if (piece !== undefined) return controller.enqueue(piece);
          settle();
          controller.close();
        } catch (error) {
          settle();
          controller.error(error);
        }
      },
      async cancel(reason) {
        settle();
        abandon();
        await source.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

type Piece = Uint8Array | { readonly error?: unknown };

async function readOrFail(source: PieceSource): Promise<Piece> {
  try {
    return (await source.next()) ?? {};
  } catch (error) {
    return { error };
  }
}
