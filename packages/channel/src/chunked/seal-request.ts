import { utf8 } from '@cloister/core';
import type { Padding } from '../bhttp/padding.ts';
import { channelError } from '../errors.ts';
import type { ChannelLimits } from '../limits.ts';
import { resolveLimits } from '../limits.ts';
import type { SenderContext } from '../ohttp/request-context.ts';
import { createSenderContext, exportResponseSecrets } from '../ohttp/request-context.ts';
import { CHUNKED } from '../ohttp/types.ts';
import type { KeyConfig, SymmetricSuite } from '../ohttp/types.ts';
import { openResponse } from './open-response.ts';
import { sealStream } from './seal-stream.ts';
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
  request: OutgoingRequest,
  options: SealRequestOptions = {},
): Promise<SealedRequest> {
  return createSealedRequest(await createSenderContext(CHUNKED, config, options.suite), request, options);
}

/** The part of `sealRequest` that is the same for every context. */
export function createSealedRequest(
  { context, header }: SenderContext,
  request: OutgoingRequest,
  { padding, limits }: SealRequestOptions,
): SealedRequest {
  const resolved = resolveLimits(limits);
  let isAnswered = false;
  return {
    enc: context.enc,
    body: sealStream(header, () => Promise.resolve(context), { ...request, padding }),
    exportSecret: async (label, length) => context.exportSecret(utf8(label), length),
    async openResponse(body) {
      if (isAnswered) throw channelError('ERR_CHANNEL_ALREADY_USED');
      isAnswered = true;
      return openResponse(exportResponseSecrets(CHUNKED, context), body, resolved);
    },
  };
}
