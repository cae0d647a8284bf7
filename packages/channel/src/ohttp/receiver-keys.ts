import { createMint } from '@cloister/core';
import { channelError } from '../errors.ts';
import type { KemPrivateKey } from '../hpke/kem.ts';
import { encodeKeyConfig } from './encode-key-config.ts';
import type { KeyConfig, ReceiverKey } from './types.ts';

/** What a receiver key stands for; `privateKey` goes when the key is destroyed. */
export interface ReceiverKeyContents {
  readonly config: KeyConfig;
  privateKey: KemPrivateKey | undefined;
}

const keys = createMint<ReceiverKey, ReceiverKeyContents>();

/** Makes the opaque handle of a private key. @throws ERR_CHANNEL_INVALID_ARGUMENT for a configuration out of range */
export function mintReceiverKey(config: KeyConfig, privateKey: KemPrivateKey): ReceiverKey {
  const contents: ReceiverKeyContents = { config, privateKey };
  const destroy = (): void => {
    contents.privateKey = undefined;
  };
  return keys.mint({ config: encodeKeyConfig(config), keyId: config.keyId, destroy }, contents);
}

/** What `key` stands for. @throws ERR_CHANNEL_INVALID_ARGUMENT for anything that is not a key of this package */
export function resolveReceiverKey(key: ReceiverKey): ReceiverKeyContents {
  const contents = keys.resolve(key);
  if (contents === undefined) throw channelError('ERR_CHANNEL_INVALID_ARGUMENT', { subject: 'receiver key' });
  return contents;
}
