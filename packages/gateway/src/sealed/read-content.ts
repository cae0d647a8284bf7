import type { PieceSource } from '@cloister/channel';
import { concat } from '@cloister/core';
import type { IncrementalHash } from '@cloister/core';
import { gatewayError } from '../errors.ts';

/** How much is read, and how long it may take. */
export interface ReadLimits {
  /** Most bytes. */
  readonly most: number;
  /** ms until the last byte. */
  readonly milliseconds: number;
}

/**
 * Reads a sealed request's content to its final chunk, feeding the transcript. The stream itself throws when the final
 * chunk is missing, so content that returned is whole.
 * @throws ERR_GATEWAY_BODY_TOO_LARGE, ERR_GATEWAY_BODY_LATE, and what the channel throws
 */
export async function readContent(
  body: PieceSource,
  transcript: IncrementalHash,
  limits: ReadLimits,
): Promise<Uint8Array> {
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void body.cancel();
  }, limits.milliseconds);
  try {
    const content = await readAll(body, transcript, limits.most);
    // A cancelled stream reads as one that ended: the flag, not the end, tells whether the content is whole.
    if (late) throw gatewayError('ERR_GATEWAY_BODY_LATE');
    return content;
  } catch (error) {
    void body.cancel();
    throw late ? gatewayError('ERR_GATEWAY_BODY_LATE') : error;
  } finally {
    clearTimeout(timer);
  }
}

async function readAll(body: PieceSource, transcript: IncrementalHash, most: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (let piece = await body.next(); piece !== undefined; piece = await body.next()) {
    length += piece.length;
    if (length > most) throw gatewayError('ERR_GATEWAY_BODY_TOO_LARGE', { detail: { most } });
    transcript.update(piece);
    pieces.push(piece);
  }
  return pieces.length === 1 ? (pieces[0] as Uint8Array) : concat(...pieces);
}
