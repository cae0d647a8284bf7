import { channelError } from '../errors.ts';
import { dhkemX25519 } from './dhkem-x25519.ts';
import type { Kem } from './kem.ts';
import { KEM } from './suite.ts';

const KEMS: Readonly<Record<number, Kem>> = { [KEM.x25519]: dhkemX25519 };

/**
 * The implementation of a KEM id.
 * @throws ERR_CHANNEL_KEM_UNSUPPORTED
 */
export function findKem(kem: number): Kem {
  const found = KEMS[kem];
  if (found === undefined) throw channelError('ERR_CHANNEL_KEM_UNSUPPORTED');
  return found;
}
