import type { FieldLines } from '../bhttp/types.ts';
import { type Body, cancelOnError, type PieceSource, readPieces } from '../stream/piece-source.ts';
import type { MessageSealer } from './message-sealer.ts';

/** What a message has after its head, as callers give it, either direction. */
export interface SealableBody {
  readonly body?: Body;
  readonly trailers?: (() => FieldLines | Promise<FieldLines>) | undefined;
}

const NOTHING = new Uint8Array(0);
/** Most bytes of a body that are sealed at once: what came in one piece need not leave in one. */
const MOST = 65_536;

/**
 * The sealed pieces of a message: all in one for a small body that is there, else the head first and then each piece of the
 * body as it is pulled. Cancelling cancels the body.
 */
export function sealPieces(sealer: MessageSealer, { body = NOTHING, trailers }: SealableBody): PieceSource {
  const whole = body instanceof Uint8Array && body.length <= MOST ? body : undefined;
  const { next, cancel } = inSlices(body instanceof Uint8Array ? oneArray(body) : readPieces(body));
  const sealed: Uint8Array[] = [];
  let headIsDue = whole === undefined;
  let ended = false;
  async function nextContent(): Promise<Uint8Array | undefined> {
    for (;;) {
      const piece = await next();
      if (piece?.length !== 0) return piece;
    }
  }
  async function sealNext(): Promise<readonly Uint8Array[]> {
    if (headIsDue) {
      headIsDue = false;
      return sealer.write(NOTHING);
    }
    const piece = whole === undefined ? await nextContent() : undefined;
    if (piece !== undefined) return sealer.write(piece);
    ended = true;
    return sealer.end({ content: whole ?? NOTHING, trailers: (await trailers?.()) ?? [] });
  }
  return cancelOnError({
    cancel,
    async next() {
      if (sealed.length === 0 && !ended) sealed.push(...(await sealNext()));
      return sealed.shift();
    },
  });
}

function oneArray(bytes: Uint8Array): PieceSource {
  const pieces = [bytes];
  return { next: () => pieces.pop(), cancel: () => Promise.resolve() };
}

function inSlices({ next, cancel }: PieceSource): PieceSource {
  let rest: Uint8Array = NOTHING;
  return {
    cancel,
    async next() {
      const piece = rest.length > 0 ? rest : await next();
      rest = piece?.subarray(MOST) ?? NOTHING;
      return piece?.subarray(0, MOST);
    },
  };
}
