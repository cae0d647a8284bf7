import { bigEndian, concat, equalBytes, lengthPrefixed } from '@cloister/core';
import type { RandomSource } from '@cloister/core';
import type { RefusalCode } from '../errors.ts';
import type { CollectionKeys, RecordKey } from './record-keys.ts';

/** Which part of a record an envelope holds. */
export type RecordField = 'head' | 'payload' | 'vector';

/** What binds an envelope to its place: moved anywhere else, it does not open. */
export interface EnvelopePlace {
  /** 32 hex digits. */
  readonly point: string;
  readonly field: RecordField;
  /** The record's version; 0 for heads, which carry it inside. */
  readonly version: number;
}

/** `CR`, envelope version 1, algorithm 1: XChaCha20-Poly1305 with a 24-byte random nonce. */
const PREFIX = Uint8Array.of(0x43, 0x52, 1, 1);
const KEY_ID = PREFIX.length;
const COMMITMENT = KEY_ID + 16;
const NONCE = COMMITMENT + 32;
const CIPHERTEXT = NONCE + 24;

/** Bytes that an envelope adds: magic 2, version 1, algorithm 1, key id 16, commitment 32, nonce 24, tag 16. */
export const ENVELOPE_OVERHEAD: number = CIPHERTEXT + 16;

/**
 * Seals one field of a record (DESIGN 6.4) with XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03).
 * @returns magic, version, algorithm, key id, key commitment, nonce, ciphertext, tag
 */
export function sealEnvelope(
  keys: CollectionKeys,
  place: EnvelopePlace,
  plaintext: Uint8Array,
  random: RandomSource,
): Uint8Array {
  const key = keys[place.field];
  const nonce = random(24);
  const aad = additionalData(keys, key, place);
  const sealed = keys.sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, aad, null, nonce, key.key);
  return concat(PREFIX, key.id, key.commitment, nonce, sealed);
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
  const key = keys[place.field];
  if (envelope.length < ENVELOPE_OVERHEAD) return 'ERR_RETRIEVER_RECORD_MALFORMED';
  if (!equalBytes(envelope.subarray(0, KEY_ID), PREFIX)) return 'ERR_RETRIEVER_RECORD_MALFORMED';
  if (!equalBytes(envelope.subarray(KEY_ID, COMMITMENT), key.id)) return 'ERR_RETRIEVER_RECORD_FOREIGN';
  if (!equalBytes(envelope.subarray(COMMITMENT, NONCE), key.commitment)) return 'ERR_RETRIEVER_RECORD_TAMPERED';
  const nonce = envelope.subarray(NONCE, CIPHERTEXT);
  const aad = additionalData(keys, key, place);
  try {
    const sealed = envelope.subarray(CIPHERTEXT);
    return keys.sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, aad, nonce, key.key);
  } catch {
    return 'ERR_RETRIEVER_RECORD_TAMPERED';
  }
}

/** LP of suite, tenant, collection, point id, record version, field and key id: a list with one reading only. */
function additionalData(keys: CollectionKeys, key: RecordKey, place: EnvelopePlace): Uint8Array {
  return lengthPrefixed(
    'cloister/record/v1 XChaCha20-Poly1305',
    keys.tenant,
    keys.collection,
    place.point,
    bigEndian(place.version, 8),
    place.field,
    key.id,
  );
}
