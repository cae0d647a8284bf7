import type { RandomSource } from '@cloister/core';
import { systemRandom, utf8 } from '@cloister/core';
import { channelError } from '../errors.ts';
import type { HpkeContext } from '../hpke/context.ts';
import type { ChannelLimits } from '../limits.ts';
import { resolveLimits } from '../limits.ts';
import { createReceiverContext, exportResponseSecrets } from '../ohttp/request-context.ts';
import { createResponseCipher, responseNonceLength } from '../ohttp/response-cipher.ts';
import { CHUNKED } from '../ohttp/types.ts';
import type { ReceiverKey } from '../ohttp/types.ts';
import { ByteReader } from '../stream/byte-reader.ts';
import { createPullStream, lazyStream, type PieceSource, readWire } from '../stream/piece-source.ts';
import { openChunks } from './chunks.ts';
import { openMessage } from './open-message.ts';
import { createMessageSealer } from './message-sealer.ts';
import { sealPieces } from './seal-pieces.ts';
import type { OpenedRequest, OutgoingResponse, Receiver } from './types.ts';

/** Options of `createReceiver`. */
export interface ReceiverOptions {
  /** What a request may use; the head is at most 32 KiB unless said. */
  readonly limits?: Partial<ChannelLimits>;
  /** Source of response nonces; the platform's generator unless given. */
  readonly random?: RandomSource;
}

/**
 * The gateway's half: opens chunked Oblivious HTTP requests and seals their responses.
 * @param keys the keys that are live, or a function that says which are live now
 */
export function createReceiver(
  keys: readonly ReceiverKey[] | (() => readonly ReceiverKey[]),
  options: ReceiverOptions = {},
): Receiver {
  const limits = resolveLimits(options.limits);
  const random = options.random ?? systemRandom;
  const liveKeys = typeof keys === 'function' ? keys : (): readonly ReceiverKey[] => keys;
  return {
    async openRequest(body) {
      const source = readWire(body);
      try {
        const wire = new ByteReader(source.next);
        const { context, keyId } = await createReceiverContext(CHUNKED, liveKeys(), wire);
        const chunks = openChunks(wire, context);
        const { start, pieces, trailers } = await openMessage(chunks, source.cancel, limits);
        const head = start.request;
        if (head === undefined) throw channelError('ERR_CHANNEL_MALFORMED_MESSAGE', { subject: 'framing indicator' });
        const stream = lazyStream(pieces);
        return {
          ...answerWith(context, random),
          head,
          keyId,
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
    },
  };
}

function answerWith(
  context: HpkeContext,
  random: RandomSource,
): Pick<OpenedRequest, 'enc' | 'exportSecret' | 'sealResponse' | 'sealPieces'> {
  let isAnswered = false;
  const seal = ({ body, trailers, padding, ...start }: OutgoingResponse): PieceSource => {
    if (isAnswered) throw channelError('ERR_CHANNEL_ALREADY_USED');
    const secrets = exportResponseSecrets(CHUNKED, context);
    const header = random(responseNonceLength(secrets.aead));
    const sealer = createMessageSealer({ header, cipher: () => createResponseCipher(secrets, header), start, padding });
    isAnswered = true;
    return sealPieces(sealer, { body, trailers });
  };
  return {
    enc: context.enc,
    exportSecret: async (label, length) => context.exportSecret(utf8(label), length),
    sealPieces: seal,
    sealResponse: (response) => createPullStream(seal(response)),
  };
}
