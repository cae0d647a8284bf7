import type { PieceSource } from '@cloister/channel';
import { concat } from '@cloister/core';
import { gatewayError } from './errors.ts';

/** The whole of an engine's answer. @param most bytes; @throws ERR_GATEWAY_ENGINE_FAILED when it is longer */
export async function readAnswer(body: PieceSource, most: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (let piece = await body.next(); piece !== undefined; piece = await body.next()) {
    length += piece.length;
    if (length > most) {
      void body.cancel();
      throw gatewayError('ERR_GATEWAY_ENGINE_FAILED', { detail: { most } });
    }
    pieces.push(piece);
  }
  return pieces.length === 1 ? (pieces[0] as Uint8Array) : concat(...pieces);
}
