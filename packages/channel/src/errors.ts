import { createErrors } from '@cloister/core';
import type { CloisterError, ErrorOccurrence } from '@cloister/core';

/** Everything that can go wrong between two ends of a sealed channel. */
export type ChannelErrorCode =
  | 'ERR_CHANNEL_AEAD_UNSUPPORTED'
  | 'ERR_CHANNEL_ALREADY_USED'
  | 'ERR_CHANNEL_BODY_UNREAD'
  | 'ERR_CHANNEL_DECRYPT_FAILED'
  | 'ERR_CHANNEL_EXPORT_ONLY'
  | 'ERR_CHANNEL_INVALID_ARGUMENT'
  | 'ERR_CHANNEL_INVALID_KEY'
  | 'ERR_CHANNEL_KDF_UNSUPPORTED'
  | 'ERR_CHANNEL_KEM_UNSUPPORTED'
  | 'ERR_CHANNEL_KEY_UNKNOWN'
  | 'ERR_CHANNEL_MALFORMED_CHUNK'
  | 'ERR_CHANNEL_MALFORMED_CONFIG'
  | 'ERR_CHANNEL_MALFORMED_MESSAGE'
  | 'ERR_CHANNEL_SUITE_REFUSED'
  | 'ERR_CHANNEL_TOO_LARGE'
  | 'ERR_CHANNEL_TRUNCATED';

/** Makes an error of this package from its code (DESIGN 7). */
export const channelError: (code: ChannelErrorCode, occurrence?: ErrorOccurrence) => CloisterError<ChannelErrorCode> =
  createErrors<ChannelErrorCode>({
    ERR_CHANNEL_AEAD_UNSUPPORTED: {
      message: 'This AEAD is not available here.',
      fix: 'Use AES-256-GCM or AES-128-GCM; ChaCha20-Poly1305 needs Node.',
    },
    ERR_CHANNEL_ALREADY_USED: {
      message: 'This exchange has already been answered.',
      fix: 'Seal a new request for every exchange and answer each request once.',
    },
    ERR_CHANNEL_BODY_UNREAD: {
      message: 'Trailers were asked for before the body had ended.',
      fix: 'Read the body to its end first; trailers come after it.',
    },
    ERR_CHANNEL_DECRYPT_FAILED: {
      message: 'Sealed bytes did not open.',
      fix: 'Check that both ends use the same key configuration and that nothing between them alters the body.',
    },
    ERR_CHANNEL_EXPORT_ONLY: {
      message: 'An export-only context neither seals nor opens.',
      fix: 'Choose an AEAD for this context, or use the exporter alone.',
    },
    ERR_CHANNEL_INVALID_ARGUMENT: {
      message: 'An argument has the wrong form.',
      fix: 'Pass lower-case header names, byte-string values and Uint8Array bodies, within the documented limits.',
    },
    ERR_CHANNEL_INVALID_KEY: {
      message: 'A key does not fit its key encapsulation mechanism.',
      fix: 'Fetch the key configuration again; a 32-byte X25519 key that is not of small order is needed.',
    },
    ERR_CHANNEL_KDF_UNSUPPORTED: {
      message: 'This key derivation function is not available here.',
      fix: 'Use HKDF-SHA256 (1).',
    },
    ERR_CHANNEL_KEM_UNSUPPORTED: {
      message: 'This key encapsulation mechanism is not available here.',
      fix: 'Use DHKEM(X25519, HKDF-SHA256) (32).',
    },
    ERR_CHANNEL_KEY_UNKNOWN: {
      message: 'The request was sealed to a key that this receiver does not hold.',
      fix: 'Fetch the evidence again and seal to a key of the current keyset.',
    },
    ERR_CHANNEL_MALFORMED_CHUNK: {
      message: 'A chunk breaks the framing of chunked Oblivious HTTP.',
      fix: 'Check that the peer implements draft-ietf-ohai-chunked-ohttp-08 and that nothing rewrites the body.',
    },
    ERR_CHANNEL_MALFORMED_CONFIG: {
      message: 'This is not a key configuration of RFC 9458.',
      fix: 'Pass the exact bytes of one key configuration, without the list length.',
    },
    ERR_CHANNEL_MALFORMED_MESSAGE: {
      message: 'The sealed message is not valid Binary HTTP.',
      fix: 'Check the peer: field names must be lower-case tokens, values free of control characters, padding zero.',
    },
    ERR_CHANNEL_SUITE_REFUSED: {
      message: 'The key configuration does not offer this cipher suite.',
      fix: 'Choose one of the suites that the key configuration lists.',
    },
    ERR_CHANNEL_TOO_LARGE: {
      message: 'A part of the message is larger than its limit.',
      fix: 'Send less, or raise the limit where the receiver is created.',
    },
    ERR_CHANNEL_TRUNCATED: {
      message: 'The message ended before its sealed end.',
      fix: 'Treat what arrived as incomplete and ask again; look for a proxy that cuts or alters long answers.',
      retryable: true,
    },
  });
