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
  body: ReadableStream<Uint8Array>,
  transcript: IncrementalHash,
  limits: ReadLimits,
): Promise<Uint8Array> {
  const reader = body.getReader();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    reader.cancel().catch(() => undefined);
  }, limits.milliseconds);
  try {
    const content = await readAll(reader, transcript, limits.most);
    // A cancelled stream reads as one that ended: the flag, not the end, tells whether the content is whole.
    if (late) throw gatewayError('ERR_GATEWAY_BODY_LATE');
    return content;
  } catch (error) {
    reader.cancel().catch(() => undefined);
    throw late ? gatewayError('ERR_GATEWAY_BODY_LATE') : error;
  } finally {
    clearTimeout(timer);
  }
}

async function readAll(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  transcript: IncrementalHash,
  most: number,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > most) throw gatewayError('ERR_GATEWAY_BODY_TOO_LARGE', { detail: { most } });
    transcript.update(next.value);
    pieces.push(next.value);
  }
  return concat(...pieces);
}
