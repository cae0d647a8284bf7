import type { HpkeContext } from './context.ts';
import { createHpkeContext } from './context.ts';
import { findKem } from './find-kem.ts';
import type { HpkeSuite } from './suite.ts';
import { requireSupported } from './suite.ts';

/**
 * SetupBaseS (RFC 9180 section 5.1.1) with a fresh ephemeral key.
 * @param recipient serialised public key, Npk bytes
 * @throws ERR_CHANNEL_KEM_UNSUPPORTED, ERR_CHANNEL_KDF_UNSUPPORTED, ERR_CHANNEL_AEAD_UNSUPPORTED, ERR_CHANNEL_INVALID_KEY
 */
export async function createHpkeSender(
  suite: HpkeSuite,
  recipient: Uint8Array,
  info: Uint8Array,
): Promise<HpkeContext> {
  requireSupported(suite);
  return createHpkeContext(suite, await findKem(suite.kem).encapsulate(recipient), info);
}
