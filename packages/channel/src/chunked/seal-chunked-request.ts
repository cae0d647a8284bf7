import { createSenderContext, exportResponseSecrets } from '../ohttp/request-context.ts';
import type { SealOptions } from '../ohttp/seal-whole-request.ts';
import type { KeyConfig } from '../ohttp/types.ts';
import { CHUNKED } from '../ohttp/types.ts';
import { join, listChunks } from './chunk-list.ts';
import { sealChunks } from './chunks.ts';
import { openChunkedResponse } from './open-chunked-response.ts';

/** A chunked request that is all there, `message/ohttp-chunked-req`, with the means to open its response. */
export interface SealedChunkedRequest {
  readonly encapsulated: Uint8Array;
  readonly enc: Uint8Array;
  /** The response's chunks, the final one last. */
  openResponse(encapsulated: Uint8Array): Promise<readonly Uint8Array[]>;
}

/**
 * Encapsulates a request chunk by chunk (draft-ietf-ohai-chunked-ohttp-08 section 6.1); the last chunk is the final one.
 * @throws ERR_CHANNEL_INVALID_ARGUMENT, ERR_CHANNEL_SUITE_REFUSED, ERR_CHANNEL_INVALID_KEY and the three
 * ERR_CHANNEL_*_UNSUPPORTED
 */
export async function sealChunkedRequest(
  config: KeyConfig,
  chunks: readonly Uint8Array[],
  { suite }: SealOptions = {},
): Promise<SealedChunkedRequest> {
  const plaintext = listChunks(chunks);
  const { context, header } = await createSenderContext(CHUNKED, config, suite);
  return {
    enc: context.enc,
    encapsulated: await join(sealChunks(header, () => Promise.resolve(context), plaintext)),
    openResponse: (encapsulated) => openChunkedResponse(exportResponseSecrets(CHUNKED, context), encapsulated),
  };
}
