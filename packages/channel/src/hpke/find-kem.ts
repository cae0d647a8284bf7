import { platform } from '#platform';
import { channelError } from '../errors.ts';
import { createDhKem } from './dhkem.ts';
import type { Kem } from './kem.ts';
import { KEM } from './suite.ts';
import { xwing } from './xwing.ts';

const KEMS: Readonly<Record<number, Kem>> = {
  [KEM.x25519]: createDhKem({ id: KEM.x25519, group: platform.x25519, publicKeyBytes: 32 }),
  [KEM.p256]: createDhKem({ id: KEM.p256, group: platform.p256, publicKeyBytes: 65 }),
  [KEM.xwing]: xwing,
};

/**
 * The implementation of a KEM id.
 * @throws ERR_CHANNEL_KEM_UNSUPPORTED
 */
export function findKem(kem: number): Kem {
  const found = KEMS[kem];
  if (found === undefined) throw channelError('ERR_CHANNEL_KEM_UNSUPPORTED');
  return found;
}
