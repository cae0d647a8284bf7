import type { HpkeContext, HpkeContextOptions } from './context.ts';
import { createHpkeContext } from './context.ts';
import type { KemPrivateKey } from './kem.ts';
import type { HpkeSuite } from './suite.ts';
import { requireSupported } from './suite.ts';

/**
 * SetupBaseR (RFC 9180 section 5.1.1).
 * @param privateKey a key of the suite's KEM, from `importHpkePrivateKey` or a generated one
 * @param enc the sender's encapsulated key, Nenc bytes
 * @throws ERR_CHANNEL_KDF_UNSUPPORTED, ERR_CHANNEL_AEAD_UNSUPPORTED, ERR_CHANNEL_INVALID_KEY
 */
export async function createHpkeReceiver(
  suite: HpkeSuite,
  privateKey: KemPrivateKey,
  enc: Uint8Array,
  info: Uint8Array,
  options: HpkeContextOptions = {},
): Promise<HpkeContext> {
  requireSupported(suite);
  return createHpkeContext(suite, { sharedSecret: await privateKey.decapsulate(enc), enc }, info, options);
}
