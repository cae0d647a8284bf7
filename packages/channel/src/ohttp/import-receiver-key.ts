import { equalBytes } from '@cloister/core';
import { channelError } from '../errors.ts';
import { findKem } from '../hpke/find-kem.ts';
import { mintReceiverKey } from './receiver-keys.ts';
import type { KeyConfig, ReceiverKey } from './types.ts';

/**
 * A receiver key from its secret bytes, for keys that another system made. Prefer `createReceiverKey`: a key that was
 * never outside cannot leak.
 * @throws ERR_CHANNEL_INVALID_KEY when the secret does not belong to the configuration, ERR_CHANNEL_KEM_UNSUPPORTED
 */
export async function importReceiverKey(config: KeyConfig, secretKey: Uint8Array): Promise<ReceiverKey> {
  const privateKey = await findKem(config.kem).importPrivateKey(secretKey);
  if (!equalBytes(privateKey.publicKey, config.publicKey)) throw channelError('ERR_CHANNEL_INVALID_KEY');
  return mintReceiverKey(config, privateKey);
}
