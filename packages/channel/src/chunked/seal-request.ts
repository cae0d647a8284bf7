import { utf8 } from '@cloister/core';
import type { Padding } from '../bhttp/padding.ts';
import { channelError } from '../errors.ts';
import type { ChannelLimits } from '../limits.ts';
import { resolveLimits } from '../limits.ts';
import { createSenderContext, exportResponseSecrets } from '../ohttp/request-context.ts';
import { CHUNKED } from '../ohttp/types.ts';
import type { KeyConfig, SymmetricSuite } from '../ohttp/types.ts';
import { lazyStream } from '../stream/piece-source.ts';
import { createMessageSealer } from './message-sealer.ts';
import { openResponse } from './open-response.ts';
import { sealPieces } from './seal-pieces.ts';
import type { OutgoingRequest, SealedRequest } from './types.ts';

/** Options of `sealRequest`. */
export interface SealRequestOptions {
  /** One of the configuration's suites; default the first of AES-256-GCM, AES-128-GCM, ChaCha20-Poly1305 that both have. */
  readonly suite?: SymmetricSuite;
  /** Zero bytes after the message, so that its length says less. Default 0. */
  readonly padding?: Padding;
  /** What the response may use. */
  readonly limits?: Partial<ChannelLimits>;
}

/**
 * Seals a request to the holder of `config`: chunked Oblivious HTTP (draft-ietf-ohai-chunked-ohttp-08) around Binary
 * HTTP of indeterminate length, with a fresh ephemeral key. A streamed body is pulled as `body` of the result is read.
 * @throws ERR_CHANNEL_INVALID_ARGUMENT, ERR_CHANNEL_SUITE_REFUSED, ERR_CHANNEL_INVALID_KEY and the three
 * ERR_CHANNEL_*_UNSUPPORTED
 */
export async function sealRequest(
  config: KeyConfig,
  { head, body, trailers }: OutgoingRequest,
  { suite, padding, limits }: SealRequestOptions = {},
): Promise<SealedRequest> {
  const { context, header } = await createSenderContext(CHUNKED, config, suite);
  const resolved = resolveLimits(limits);
  const sealer = createMessageSealer({ header, cipher: async () => context, start: { head }, padding });
  const pieces = sealPieces(sealer, { body, trailers });
  const stream = lazyStream(pieces);
  let isAnswered = false;
  return {
    enc: context.enc,
    pieces,
    get body() {
      return stream();
    },
    exportSecret: async (label, length) => context.exportSecret(utf8(label), length),
    async openResponse(wire) {
      if (isAnswered) throw channelError('ERR_CHANNEL_ALREADY_USED');
      isAnswered = true;
      return openResponse(exportResponseSecrets(CHUNKED, context), wire, resolved);
    },
  };
}
