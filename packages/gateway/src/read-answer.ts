import { concat } from '@cloister/core';
import { gatewayError } from './errors.ts';

/** The whole of an engine's answer. @param most bytes; @throws ERR_GATEWAY_ENGINE_FAILED when it is longer */
export async function readAnswer(body: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    if (length > most) throw gatewayError('ERR_GATEWAY_ENGINE_FAILED', { detail: { most } });
    pieces.push(piece);
  }
  return concat(...pieces);
}
