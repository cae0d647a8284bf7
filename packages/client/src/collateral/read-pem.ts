import { fromBase64, fromUtf8 } from '@cloister/core';

/**
 * All certificates of a PEM text (RFC 7468), DER, in their order.
 * @throws CloisterError of `core` for what is neither UTF-8 nor base64
 */
export function readPem(bytes: Uint8Array): readonly Uint8Array[] {
  const blocks = fromUtf8(bytes).matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g);
  return [...blocks].map(([, text = '']) => fromBase64(text.replaceAll(/\s/g, '')));
}
