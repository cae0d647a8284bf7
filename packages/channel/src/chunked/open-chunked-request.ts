import { createReceiverContext, exportResponseSecrets } from '../ohttp/request-context.ts';
import type { SealResponseOptions } from '../ohttp/seal-whole-response.ts';
import type { ReceiverKey } from '../ohttp/types.ts';
import { CHUNKED } from '../ohttp/types.ts';
import { ByteReader } from '../stream/byte-reader.ts';
import { collect } from './chunk-list.ts';
import { openChunks } from './chunks.ts';
import { sealChunkedResponse } from './seal-chunked-response.ts';

/** A chunked request that was all there, opened, with the means to answer it. */
export interface OpenedChunkedRequest {
  /** Plaintext, the final chunk last; joined they are Binary HTTP. */
  readonly chunks: readonly Uint8Array[];
  readonly enc: Uint8Array;
  readonly keyId: number;
  /** Encapsulates the response, `message/ohttp-chunked-res`. */
  sealResponse(chunks: readonly Uint8Array[], options?: SealResponseOptions): Promise<Uint8Array>;
}

/**
 * Opens a chunked request that is all there (draft-ietf-ohai-chunked-ohttp-08 section 6.1).
 * @throws the codes of `Receiver.openRequest`
 */
export async function openChunkedRequest(
  keys: readonly ReceiverKey[],
  encapsulated: Uint8Array,
): Promise<OpenedChunkedRequest> {
  const pieces = [encapsulated];
  const wire = new ByteReader(() => pieces.pop());
  const { context, keyId } = await createReceiverContext(CHUNKED, keys, wire);
  return {
    chunks: await collect(openChunks(wire, context)),
    keyId,
    enc: context.enc,
    sealResponse: (chunks, options) => sealChunkedResponse(exportResponseSecrets(CHUNKED, context), chunks, options),
  };
}
