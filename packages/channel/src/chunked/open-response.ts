import { channelError } from '../errors.ts';
import type { ChannelLimits } from '../limits.ts';
import { createResponseCipher, responseNonceLength } from '../ohttp/response-cipher.ts';
import type { ResponseSecrets } from '../ohttp/types.ts';
import { ByteReader } from '../stream/byte-reader.ts';
import { lazyStream, type Pieces, readWire } from '../stream/piece-source.ts';
import { openChunks } from './chunks.ts';
import { openMessage } from './open-message.ts';
import type { OpenedResponse } from './types.ts';

/**
 * Opens a chunked response (draft-ietf-ohai-chunked-ohttp-08 section 6.2) up to its head. On failure the stream is
 * cancelled.
 * @throws the codes of `SealedRequest.openResponse`
 */
export async function openResponse(
  secrets: ResponseSecrets,
  body: Pieces,
  limits: ChannelLimits,
): Promise<OpenedResponse> {
  const source = readWire(body);
  try {
    const wire = new ByteReader(source.next);
    const nonce = await wire.take(responseNonceLength(secrets.aead));
    const cipher = await createResponseCipher(secrets, nonce);
    const { start, pieces, trailers } = await openMessage(openChunks(wire, cipher), source.cancel, limits);
    const { response, informational } = start;
    if (response === undefined) throw channelError('ERR_CHANNEL_MALFORMED_MESSAGE', { subject: 'framing indicator' });
    const stream = lazyStream(pieces);
    return {
      head: response,
      informational,
      pieces,
      trailers,
      get body() {
        return stream();
      },
    };
  } catch (error) {
    void source.cancel(error);
    throw error;
  }
}
