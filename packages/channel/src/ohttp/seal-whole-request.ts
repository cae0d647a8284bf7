import { concat } from '@cloister/core';
import { openWholeResponse } from './open-whole-response.ts';
import { createSenderContext, exportResponseSecrets } from './request-context.ts';
import type { KeyConfig, SymmetricSuite } from './types.ts';
import { WHOLE } from './types.ts';

/** Options of the verbs that seal a request. */
export interface SealOptions {
  /** One of the configuration's suites; default the first of AES-256-GCM, AES-128-GCM, ChaCha20-Poly1305 that both have. */
  readonly suite?: SymmetricSuite;
}

/** A whole request, `message/ohttp-req`, with the means to open its response. */
export interface SealedWholeRequest {
  readonly encapsulated: Uint8Array;
  readonly enc: Uint8Array;
  /** Opens `message/ohttp-res`. @throws ERR_CHANNEL_DECRYPT_FAILED */
  openResponse(encapsulated: Uint8Array): Promise<Uint8Array>;
}

/**
 * Encapsulates a whole Binary HTTP request (RFC 9458 section 4.3).
 * @throws ERR_CHANNEL_SUITE_REFUSED, ERR_CHANNEL_INVALID_KEY and the three ERR_CHANNEL_*_UNSUPPORTED
 */
export async function sealWholeRequest(
  config: KeyConfig,
  message: Uint8Array,
  { suite }: SealOptions = {},
): Promise<SealedWholeRequest> {
  const { context, header } = await createSenderContext(WHOLE, config, suite);
  return {
    enc: context.enc,
    encapsulated: concat(header, await context.seal(new Uint8Array(0), message)),
    openResponse: (encapsulated) => openWholeResponse(exportResponseSecrets(WHOLE, context), encapsulated),
  };
}
