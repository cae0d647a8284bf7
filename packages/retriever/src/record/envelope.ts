import { concat } from '@cloister/core';
import type { RandomSource } from '@cloister/core';
import type { RefusalCode } from '../errors.ts';
import { additionalData } from './additional-data.ts';
import type { EnvelopePlace } from './additional-data.ts';
import { sealingKey } from './record-keys.ts';
import type { CollectionKeys, RecordField, RecordKey } from './record-keys.ts';
import type { Sodium } from '@cloister/tenancy';
import { openSegments, sealSegments } from './segments.ts';

/** `CR` and envelope version 1; the algorithm follows. */
const MAGIC = Uint8Array.of(0x43, 0x52, 1);
/** XChaCha20-Poly1305 with a 24-byte random nonce. */
const WHOLE = 1;
/** libsodium's secretstream: segments of 64 KiB, each authenticated in its place, the last one marked as such. */
const SEGMENTED = 2;
/** The mode `plain` alone: the plaintext, and a tag that authenticates it together with its place. */
const CLEAR = 3;
/** What an envelope begins with, by algorithm. */
const HEADERS = [WHOLE, SEGMENTED, CLEAR].map((algorithm) => Uint8Array.of(...MAGIC, algorithm));
/** Longer plaintexts are segmented. */
const WHOLE_LIMIT = 65_536;

const KEY_ID = MAGIC.length + 1;
const COMMITMENT = KEY_ID + 16;
const NONCE = COMMITMENT + 32;
const CIPHERTEXT = NONCE + 24;

/** Bytes that an envelope adds: magic 2, version 1, algorithm 1, key id 16, commitment 32, nonce 24, tag 16. */
export const ENVELOPE_OVERHEAD: number = CIPHERTEXT + 16;

/**
 * Seals one field of a record (DESIGN 6.4) with XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03), above 64 KiB in
 * segments. In the mode `plain` it is only authenticated.
 * @returns magic, version, algorithm, key id, key commitment, nonce, ciphertext, tag
 */
export function sealEnvelope(
  keys: CollectionKeys,
  place: EnvelopePlace,
  plaintext: Uint8Array,
  random: RandomSource,
): Uint8Array {
  const key = sealingKey(keys, place.field);
  const aad = additionalData(keys, key, place);
  const { sodium } = keys;
  if (keys.mode === 'plain') {
    const nonce = random(24);
    const tag = sealWhole(sodium, key.key, nonce, new Uint8Array(0), concat(aad, plaintext));
    return frame(CLEAR, key, nonce, plaintext, tag);
  }
  if (plaintext.length > WHOLE_LIMIT) {
    const { nonce, sealed } = sealSegments(sodium, key.key, plaintext, aad);
    return frame(SEGMENTED, key, nonce, sealed);
  }
  const nonce = random(24);
  const sealed = sealWhole(sodium, key.key, nonce, plaintext, aad);
  return frame(WHOLE, key, nonce, sealed);
}

function frame(
  algorithm: number,
  { id, commitment }: RecordKey,
  nonce: Uint8Array,
  ...rest: readonly Uint8Array[]
): Uint8Array {
  return concat(HEADERS[algorithm - 1] as Uint8Array, id, commitment, nonce, ...rest);
}

/**
 * Opens one field of a record. Every byte of the envelope is checked: the header by comparison, the rest by the AEAD.
 * @returns the plaintext, or why the envelope is refused; never throws
 */
export function openEnvelope(
  keys: CollectionKeys,
  place: EnvelopePlace,
  envelope: Uint8Array,
): Uint8Array | RefusalCode {
  if (envelope.length < ENVELOPE_OVERHEAD) return 'ERR_RETRIEVER_RECORD_MALFORMED';
  const open = openerOf(keys, envelope[MAGIC.length]);
  if (!holdsAt(envelope, 0, MAGIC) || open === undefined) return 'ERR_RETRIEVER_RECORD_MALFORMED';
  const key = keys.fields[place.field].find(({ id }) => holdsAt(envelope, KEY_ID, id));
  if (key === undefined) return 'ERR_RETRIEVER_RECORD_FOREIGN';
  if (!holdsAt(envelope, COMMITMENT, key.commitment)) return 'ERR_RETRIEVER_RECORD_TAMPERED';
  const nonce = envelope.subarray(NONCE, CIPHERTEXT);
  const sealed = envelope.subarray(CIPHERTEXT);
  const aad = additionalData(keys, key, place);
  return open(keys.sodium, key.key, nonce, sealed, aad) ?? 'ERR_RETRIEVER_RECORD_TAMPERED';
}

/** Whether the key that seals now sealed this envelope; nothing is opened. */
export function isSealedWithActiveKey(keys: CollectionKeys, field: RecordField, envelope: Uint8Array): boolean {
  return holdsAt(envelope, KEY_ID, sealingKey(keys, field).id);
}

/** Whether the bytes from `start` on are these. They are public: every record opens three envelopes, so no views are made of them. */
function holdsAt(envelope: Uint8Array, start: number, expected: Uint8Array): boolean {
  for (let index = 0; index < expected.length; index++) {
    if (envelope[start + index] !== expected[index]) return false;
  }
  return true;
}

/** How an algorithm of the collection's mode is opened: what is in clear never opens in another mode. */
function openerOf({ mode }: CollectionKeys, algorithm: number | undefined): typeof openSegments | undefined {
  if (mode === 'plain') return algorithm === CLEAR ? openClear : undefined;
  if (algorithm === WHOLE) return openWhole;
  return algorithm === SEGMENTED ? openSegments : undefined;
}

function sealWhole(
  sodium: Sodium,
  key: Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  aad: Uint8Array,
): Uint8Array {
  return sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, aad, null, nonce, key);
}

/** Additional data has one reading and stands first, so that clear text cannot pass for a part of it. */
const openClear: typeof openSegments = (sodium, key, nonce, sealed, aad) => {
  const text = sealed.subarray(0, -16);
  return openWhole(sodium, key, nonce, sealed.subarray(-16), concat(aad, text)) && text;
};

function openWhole(
  sodium: Sodium,
  key: Uint8Array,
  nonce: Uint8Array,
  sealed: Uint8Array,
  aad: Uint8Array,
): Uint8Array | undefined {
  try {
    return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, aad, nonce, key);
  } catch {
    return undefined;
  }
}
