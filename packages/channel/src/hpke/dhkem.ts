import { bigEndian, concat, utf8 } from '@cloister/core';
import { channelError } from '../errors.ts';
import type { DhGroup, DhPrivateKey } from '../platform/types.ts';
import type { Encapsulation, Kem, KemPrivateKey } from './kem.ts';
import { labeledExpand, labeledExtract } from './labeled.ts';

const EMPTY = new Uint8Array(0);
const SECRET_BYTES = 32;

/** Both groups of this package have HKDF-SHA256, 32-byte secrets and equal lengths of Npk and Nenc. */
export interface DhKemParameters {
  readonly id: number;
  readonly group: DhGroup;
  /** Npk and Nenc, bytes. */
  readonly publicKeyBytes: number;
}

/** DHKEM over a group of the platform, with HKDF-SHA256 (RFC 9180 section 4.1). */
export function createDhKem({ id, group, publicKeyBytes }: DhKemParameters): Kem {
  const suiteId = concat(utf8('KEM'), bigEndian(id, 2));

  /** RFC 9180 section 7.1.4: an all-zero result must be refused; platforms refuse it too, in different ways. */
  async function agree(key: DhPrivateKey, peer: Uint8Array): Promise<Uint8Array> {
    requireLength(peer, publicKeyBytes);
    const secret = await key.agree(peer);
    if (secret === undefined || secret.every((byte) => byte === 0)) throw channelError('ERR_CHANNEL_INVALID_KEY');
    return secret;
  }

  function extractAndExpand(secret: Uint8Array, enc: Uint8Array, recipient: Uint8Array): Uint8Array {
    const key = labeledExtract(suiteId, EMPTY, 'eae_prk', secret);
    return labeledExpand(suiteId, key, 'shared_secret', concat(enc, recipient), SECRET_BYTES);
  }

  async function encapsulateWith(ephemeral: DhPrivateKey, recipient: Uint8Array): Promise<Encapsulation> {
    const enc = ephemeral.publicKey;
    return { enc, sharedSecret: extractAndExpand(await agree(ephemeral, recipient), enc, recipient) };
  }

  function wrap(key: DhPrivateKey): KemPrivateKey {
    return {
      publicKey: key.publicKey,
      async decapsulate(enc) {
        return extractAndExpand(await agree(key, enc), enc, key.publicKey);
      },
      encapsulateTo: (recipient) => encapsulateWith(key, recipient),
    };
  }

  return {
    id,
    encapsulate: async (recipient) => encapsulateWith(await group.generate(), recipient),
    generate: async () => wrap(await group.generate()),
    async importPrivateKey(secretKey) {
      requireLength(secretKey, SECRET_BYTES);
      const key = await group.importPrivateKey(secretKey);
      if (key === undefined) throw channelError('ERR_CHANNEL_INVALID_KEY');
      return wrap(key);
    },
  };
}

function requireLength(key: Uint8Array, length: number): void {
  if (key.length !== length) throw channelError('ERR_CHANNEL_INVALID_KEY', { detail: { length: key.length } });
}
