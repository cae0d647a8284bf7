import { platform } from '#platform';
import { concat, fromHex, importOnce, systemRandom } from '@cloister/core';
import { shake256 } from '@noble/hashes/sha3.js';
import { channelError } from '../errors.ts';
import type { DhPrivateKey } from '../platform/types.ts';
import type { Encapsulation, Kem, KemPrivateKey } from './kem.ts';
import { KEM } from './suite.ts';

const SEED_BYTES = 32;
const ML_KEM_SEED_BYTES = 64;
const ML_KEM_PUBLIC_KEY_BYTES = 1184;
const ML_KEM_CIPHERTEXT_BYTES = 1088;
const X25519_BYTES = 32;
/** XWingLabel: the six characters of an X with wings. */
const LABEL = fromHex('5c2e2f2f5e5c');

/** What the combiner binds, in its order (section 5.3 of the draft). */
interface Parts {
  readonly mlKemSecret: Uint8Array;
  readonly x25519Secret: Uint8Array;
  readonly x25519Ciphertext: Uint8Array;
  readonly x25519PublicKey: Uint8Array;
}

function combine({ mlKemSecret, x25519Secret, x25519Ciphertext, x25519PublicKey }: Parts): Uint8Array {
  return platform.sha3(concat(mlKemSecret, x25519Secret, x25519Ciphertext, x25519PublicKey, LABEL));
}

function split(bytes: Uint8Array, at: number): readonly [Uint8Array, Uint8Array] {
  const length = at + X25519_BYTES;
  if (bytes.length !== length) throw channelError('ERR_CHANNEL_INVALID_KEY', { detail: { length: bytes.length } });
  return [bytes.subarray(0, at), bytes.subarray(at)];
}

async function agree(key: DhPrivateKey, peer: Uint8Array): Promise<Uint8Array> {
  const secret = await key.agree(peer);
  if (secret === undefined) throw channelError('ERR_CHANNEL_INVALID_KEY');
  return secret;
}

/** The same two arrays each time, so that the platform knows them again. */
const splitRecipient = importOnce((recipient) => split(recipient.slice(), ML_KEM_PUBLIC_KEY_BYTES));

async function encapsulate(recipient: Uint8Array): Promise<Encapsulation> {
  const [mlKemKey, x25519PublicKey] = splitRecipient(recipient);
  const ephemeral = await platform.x25519.generate();
  const made = await (await platform.mlKem768()).encapsulate(mlKemKey);
  if (made === undefined) throw channelError('ERR_CHANNEL_INVALID_KEY');
  const sharedSecret = combine({
    mlKemSecret: made.sharedSecret,
    x25519Secret: await agree(ephemeral, x25519PublicKey),
    x25519Ciphertext: ephemeral.publicKey,
    x25519PublicKey,
  });
  return { sharedSecret, enc: concat(made.ciphertext, ephemeral.publicKey) };
}

async function importPrivateKey(seed: Uint8Array): Promise<KemPrivateKey> {
  if (seed.length !== SEED_BYTES) throw channelError('ERR_CHANNEL_INVALID_KEY', { detail: { length: seed.length } });
  const expanded = shake256(seed, { dkLen: ML_KEM_SEED_BYTES + X25519_BYTES });
  const mlKemKey = await (await platform.mlKem768()).importSeed(expanded.subarray(0, ML_KEM_SEED_BYTES));
  const x25519Key = await platform.x25519.importPrivateKey(expanded.subarray(ML_KEM_SEED_BYTES));
  expanded.fill(0);
  if (x25519Key === undefined) throw channelError('ERR_CHANNEL_INVALID_KEY');
  return {
    publicKey: concat(mlKemKey.publicKey, x25519Key.publicKey),
    async decapsulate(enc) {
      const [mlKemCiphertext, x25519Ciphertext] = split(enc, ML_KEM_CIPHERTEXT_BYTES);
      return combine({
        mlKemSecret: await mlKemKey.decapsulate(mlKemCiphertext),
        x25519Secret: await agree(x25519Key, x25519Ciphertext),
        x25519Ciphertext,
        x25519PublicKey: x25519Key.publicKey,
      });
    },
  };
}

async function generate(): Promise<KemPrivateKey> {
  const seed = systemRandom(SEED_BYTES);
  const key = await importPrivateKey(seed);
  seed.fill(0);
  return key;
}

/** X-Wing (draft-connolly-cfrg-xwing-kem): ML-KEM-768 and X25519, safe while either of them is. */
export const xwing: Kem = { id: KEM.xwing, encapsulate, generate, importPrivateKey };
