import { concat } from '@cloister/core';
import { freeSodiumState, type Sodium, type SodiumState } from '@cloister/tenancy';

/** Bytes of plaintext in every segment but the last. */
const SEGMENT = 65_536;
/** What libsodium's secretstream adds to a segment: its tag byte and the Poly1305 tag. */
const OVERHEAD = 17;

/**
 * Seals a long plaintext as a chain of segments (libsodium's secretstream over XChaCha20-Poly1305). Segments cannot be
 * exchanged, repeated or left out, and the last one carries a final marker: a cut is not a shorter text.
 */
export function sealSegments(
  sodium: Sodium,
  key: Uint8Array,
  plaintext: Uint8Array,
  aad: Uint8Array,
): { readonly nonce: Uint8Array; readonly sealed: Uint8Array } {
  const { state, header } = sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
  try {
    return { nonce: header, sealed: pushAll(sodium, state, plaintext, aad) };
  } finally {
    freeSodiumState(state);
  }
}

function pushAll(sodium: Sodium, state: SodiumState, plaintext: Uint8Array, aad: Uint8Array): Uint8Array {
  const sealed: Uint8Array[] = [];
  for (let start = 0; start < plaintext.length; start += SEGMENT) {
    const part = plaintext.subarray(start, start + SEGMENT);
    const final = start + SEGMENT >= plaintext.length;
    const tag = final
      ? sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
      : sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
    sealed.push(sodium.crypto_secretstream_xchacha20poly1305_push(state, part, aad, tag));
  }
  return concat(...sealed);
}

/** Opens what `sealSegments` made; `undefined` when a byte differs or a segment is missing, moved or added. */
export function openSegments(
  sodium: Sodium,
  key: Uint8Array,
  nonce: Uint8Array,
  sealed: Uint8Array,
  aad: Uint8Array,
): Uint8Array | undefined {
  const state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(nonce, key);
  try {
    return pullAll(sodium, state, sealed, aad);
  } finally {
    freeSodiumState(state);
  }
}

function pullAll(sodium: Sodium, state: SodiumState, sealed: Uint8Array, aad: Uint8Array): Uint8Array | undefined {
  const opened: Uint8Array[] = [];
  for (let start = 0; start < sealed.length; start += SEGMENT + OVERHEAD) {
    const segment = sealed.subarray(start, start + SEGMENT + OVERHEAD);
    const last = start + segment.length === sealed.length;
    const pulled = pull(sodium, state, segment, aad);
    const final = pulled?.tag === sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    if (pulled === undefined || final !== last) return undefined;
    opened.push(pulled.message);
  }
  return concat(...opened);
}

function pull(
  sodium: Sodium,
  state: SodiumState,
  segment: Uint8Array,
  aad: Uint8Array,
): { readonly message: Uint8Array; readonly tag: number } | undefined {
  if (segment.length < OVERHEAD) return undefined;
  const pulled = sodium.crypto_secretstream_xchacha20poly1305_pull(state, segment, aad);
  return pulled === false ? undefined : pulled;
}
