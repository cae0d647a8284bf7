import { platform } from '#platform';
import { channelError } from '../errors.ts';
import { MAX_CHUNKS } from '../limits.ts';

/** An AEAD key whose nonce is a base nonce XOR a counter, one direction only (RFC 9180 section 5.2). */
export interface SequenceCipher {
  /** Seals the next message: ciphertext and tag. */
  seal(aad: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array>;
  /** Opens the next message, or gives `undefined` when it is not the next one or was altered. */
  open(aad: Uint8Array, ciphertext: Uint8Array): Promise<Uint8Array | undefined>;
}

/** XORs `sequence` (a safe integer) into the last eight bytes of a copy of `base`. */
function nonceAt(base: Uint8Array, sequence: number): Uint8Array {
  const nonce = base.slice();
  const words = new DataView(nonce.buffer, nonce.length - 8);
  words.setUint32(0, words.getUint32(0) ^ Math.floor(sequence / 2 ** 32));
  words.setUint32(4, words.getUint32(4) ^ (sequence % 2 ** 32));
  return nonce;
}

/**
 * Binds key and base nonce of `aead`. Each call takes the next number, also when opening fails: a message that fails
 * ends its channel.
 * @param sequence first number, 0 unless given
 * @throws ERR_CHANNEL_TOO_LARGE from `seal` and `open` after 2^32 messages
 */
export async function createSequenceCipher(
  aead: number,
  key: Uint8Array,
  baseNonce: Uint8Array,
  sequence = 0,
): Promise<SequenceCipher> {
  const cipher = await platform.createAeadCipher(aead, key);
  let next = sequence;
  const takeNonce = (): Uint8Array => {
    if (next >= MAX_CHUNKS) throw channelError('ERR_CHANNEL_TOO_LARGE', { detail: { chunks: next } });
    return nonceAt(baseNonce, next++);
  };
  return {
    seal: async (aad, plaintext) => cipher.seal(takeNonce(), aad, plaintext),
    open: async (aad, ciphertext) => cipher.open(takeNonce(), aad, ciphertext),
  };
}
