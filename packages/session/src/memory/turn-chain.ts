import { bigEndian, concat, hkdfSha256, lengthPrefixed, sha256, zero, type RandomSource } from '@cloister/core';
import { loadSodium } from '@cloister/tenancy';

/** Names the chain that a turn belongs to. */
export interface ChainPlace {
  readonly issuer: string;
  readonly tenant: string;
  readonly subject: string;
  readonly session: string;
  /** Version of the policy under which the session was opened. */
  readonly policy: string;
}

/** The records of one session, each bound to all before it. Record 0 is the header, turns follow. */
export interface TurnChain {
  /** SHA-256 of the last record, or of the place before the first. */
  readonly head: Uint8Array;
  /** Records so far. */
  readonly length: number;
  /** Seals a record for the next place; the chain itself does not move. */
  seal(plaintext: Uint8Array, random: RandomSource): Uint8Array;
  /** Opens the record of the next place; `undefined` when it was not sealed for it. The chain does not move. */
  open(sealed: Uint8Array): Uint8Array | undefined;
  /** Makes a sealed record the last one. */
  advance(sealed: Uint8Array): void;
  /** Overwrites the key. */
  clear(): void;
}

const NONCE_BYTES = 24;
const TAG_BYTES = 16;

/**
 * A chain under a key of its own: HKDF-SHA-256 of the session's key, with the tenant's memory subkey as salt, so that either
 * one being destroyed is enough. Records are XChaCha20-Poly1305 (24 bytes of nonce, ciphertext, tag) with
 * LP(suite, issuer, tenant, subject, session, policy, u64 number, previous record's SHA-256) as additional data.
 */
export async function createTurnChain(
  keys: { readonly session: Uint8Array; readonly tenant: Uint8Array },
  place: ChainPlace,
): Promise<TurnChain> {
  const sodium = await loadSodium();
  const { issuer, tenant, subject, session, policy } = place;
  const suite = lengthPrefixed('cloister/turn/v1 XChaCha20-Poly1305', issuer, tenant, subject, session, policy);
  const key = hkdfSha256(keys.session, keys.tenant, suite, 32);
  let head = sha256(suite);
  let length = 0;
  const bound = (): Uint8Array => concat(suite, lengthPrefixed(bigEndian(length, 8), head));
  return {
    get head() {
      return head;
    },
    get length() {
      return length;
    },
    seal(plaintext, random) {
      const nonce = random(NONCE_BYTES);
      return concat(nonce, sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, bound(), null, nonce, key));
    },
    open(sealed) {
      if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
      const [nonce, rest] = [sealed.subarray(0, NONCE_BYTES), sealed.subarray(NONCE_BYTES)];
      try {
        return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, rest, bound(), nonce, key);
      } catch {
        return undefined;
      }
    },
    advance(sealed) {
      head = sha256(sealed);
      length += 1;
    },
    clear: () => zero(key),
  };
}
