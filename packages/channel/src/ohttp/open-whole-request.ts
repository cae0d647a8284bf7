import { channelError } from '../errors.ts';
import { ByteReader } from '../stream/byte-reader.ts';
import { createReceiverContext, exportResponseSecrets } from './request-context.ts';
import type { SealResponseOptions } from './seal-whole-response.ts';
import { sealWholeResponse } from './seal-whole-response.ts';
import type { ReceiverKey } from './types.ts';
import { WHOLE } from './types.ts';

/** A whole request, opened, with the means to answer it. */
export interface OpenedWholeRequest {
  /** Binary HTTP. */
  readonly message: Uint8Array;
  readonly enc: Uint8Array;
  readonly keyId: number;
  /** Encapsulates the response, `message/ohttp-res`. */
  sealResponse(message: Uint8Array, options?: SealResponseOptions): Promise<Uint8Array>;
}

/**
 * Opens a whole encapsulated request (RFC 9458 section 4.3).
 * @throws ERR_CHANNEL_KEY_UNKNOWN, ERR_CHANNEL_SUITE_REFUSED, ERR_CHANNEL_INVALID_KEY, ERR_CHANNEL_TRUNCATED in the
 * header, ERR_CHANNEL_DECRYPT_FAILED
 */
export async function openWholeRequest(
  keys: readonly ReceiverKey[],
  encapsulated: Uint8Array,
): Promise<OpenedWholeRequest> {
  const pieces = [encapsulated];
  const reader = new ByteReader(() => pieces.pop());
  const { context, keyId } = await createReceiverContext(WHOLE, keys, reader);
  const message = await context.open(new Uint8Array(0), await reader.takeRest(encapsulated.length));
  if (message === undefined) throw channelError('ERR_CHANNEL_DECRYPT_FAILED');
  return {
    message,
    keyId,
    enc: context.enc,
    sealResponse: (response, options) => sealWholeResponse(exportResponseSecrets(WHOLE, context), response, options),
  };
}
