import type { Readable } from 'node:stream';
import type { PieceSource } from '../stream/piece-source.ts';

/** Most bytes that wait for their reader; the stream is paused beyond. */
const MOST = 65_536;

/** What the stream has come to. */
type State =
  | { readonly is: 'open' }
  | { readonly is: 'ended' }
  | { readonly is: 'failed'; readonly error: unknown }
  | { readonly is: 'cancelled' };

/** A reader that found nothing. */
interface Waiting {
  readonly resolve: (piece: Uint8Array | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The pieces of a byte stream of Node's, as they come: without the iterator that Node makes of one, which costs more than
 * opening a short answer. Reads at most 64 KiB and one piece ahead; a stream that closes before its end fails.
 * @param stop called when nobody wants more of it; what still arrives is dropped
 */
export function readNodeStream(readable: Readable, stop: () => void): PieceSource {
  const pieces: Uint8Array[] = [];
  let held = 0;
  let state: State = { is: 'open' };
  let waiting: Waiting | undefined;
  const finish = (end: State): void => {
    if (state.is !== 'open') return;
    state = end;
    if (end.is === 'failed') waiting?.reject(end.error);
    else waiting?.resolve(undefined);
    waiting = undefined;
  };
  readable
    .on('data', (piece: Uint8Array) => {
      if (state.is !== 'open') return;
      if (waiting !== undefined) {
        waiting.resolve(piece);
        waiting = undefined;
        return;
      }
      pieces.push(piece);
      held += piece.length;
      if (held >= MOST) readable.pause();
    })
    .once('end', () => finish({ is: 'ended' }))
    .once('close', () => finish({ is: 'failed', error: new Error('the stream closed before its end') }))
    .on('error', (error) => finish({ is: 'failed', error }));
  return {
    next() {
      const piece = pieces.shift();
      if (piece !== undefined) {
        if (held >= MOST && held - piece.length < MOST) readable.resume();
        held -= piece.length;
        return piece;
      }
      if (state.is === 'failed') throw state.error;
      if (state.is !== 'open') return undefined;
      return new Promise((resolve, reject) => (waiting = { resolve, reject }));
    },
    async cancel() {
      if (state.is === 'open') stop();
      pieces.length = 0;
      finish({ is: 'cancelled' });
    },
  };
}
