import { platform } from '#platform';
import { bigEndian, concat, utf8 } from '@cloister/core';
import { channelError } from '../errors.ts';
import type { X25519PrivateKey } from '../platform/types.ts';
import type { Encapsulation, Kem, KemPrivateKey } from './kem.ts';
import { labeledExpand, labeledExtract } from './labeled.ts';

const ID = 0x0020;
const KEY_BYTES = 32;
const SUITE_ID = concat(utf8('KEM'), bigEndian(ID, 2));
const EMPTY = new Uint8Array(0);

/** DHKEM(X25519, HKDF-SHA256), RFC 9180 section 4.1, over the platform's X25519. */
export const dhkemX25519: Kem = {
  id: ID,
  async encapsulate(recipient) {
    return encapsulateWith(await platform.generateX25519(), recipient);
  },
  async generate() {
    return wrap(await platform.generateX25519());
  },
  async importPrivateKey(secretKey) {
    requireLength(secretKey);
    return wrap(await platform.importX25519(secretKey));
  },
};

function wrap(key: X25519PrivateKey): KemPrivateKey {
  return {
    publicKey: key.publicKey,
    async decapsulate(enc) {
      return extractAndExpand(await agree(key, enc), enc, key.publicKey);
    },
    encapsulateTo: (recipient) => encapsulateWith(key, recipient),
  };
}

async function encapsulateWith(ephemeral: X25519PrivateKey, recipient: Uint8Array): Promise<Encapsulation> {
  const enc = ephemeral.publicKey;
  return { enc, sharedSecret: extractAndExpand(await agree(ephemeral, recipient), enc, recipient) };
}

/** RFC 9180 section 7.1.4: an all-zero result must be refused; platforms refuse it too, in different ways. */
async function agree(key: X25519PrivateKey, peer: Uint8Array): Promise<Uint8Array> {
  requireLength(peer);
  const secret = await key.agree(peer);
  if (secret === undefined || secret.every((byte) => byte === 0)) throw channelError('ERR_CHANNEL_INVALID_KEY');
  return secret;
}

function extractAndExpand(secret: Uint8Array, enc: Uint8Array, recipient: Uint8Array): Uint8Array {
  const key = labeledExtract(SUITE_ID, EMPTY, 'eae_prk', secret);
  return labeledExpand(SUITE_ID, key, 'shared_secret', concat(enc, recipient), 32);
}

function requireLength(key: Uint8Array): void {
  if (key.length !== KEY_BYTES) throw channelError('ERR_CHANNEL_INVALID_KEY', { detail: { length: key.length } });
}
