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
import { readWire } from '../stream/pull-stream.ts';
import { openChunks } from './chunks.ts';
import { openMessage } from './open-message.ts';
import { sealStream } from './seal-stream.ts';
import type { OpenedRequest, Receiver } from './types.ts';

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
        const message = await openMessage(openChunks(wire, context), source.cancel, limits);
        const head = message.start.request;
        if (head === undefined) throw channelError('ERR_CHANNEL_MALFORMED_MESSAGE', { subject: 'framing indicator' });
        return { head, keyId, body: message.body, trailers: message.trailers, ...answerWith(context, random) };
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
): Pick<OpenedRequest, 'enc' | 'exportSecret' | 'sealResponse'> {
  let isAnswered = false;
  return {
    enc: context.enc,
    exportSecret: async (label, length) => context.exportSecret(utf8(label), length),
    sealResponse(response) {
      if (isAnswered) throw channelError('ERR_CHANNEL_ALREADY_USED');
      const secrets = exportResponseSecrets(CHUNKED, context);
      const nonce = random(responseNonceLength(secrets.aead));
      const stream = sealStream(nonce, () => createResponseCipher(secrets, nonce), response);
      isAnswered = true;
      return stream;
    },
  };
}
