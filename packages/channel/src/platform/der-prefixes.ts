import { fromHex } from '@cloister/core';

/** DER of a PKCS #8 private key of X25519 (RFC 8410 section 7) up to its 32 bytes. */
export const X25519_PKCS8_PREFIX: Uint8Array = fromHex('302e020100300506032b656e04220420');

/** DER of a PKCS #8 private key on P-256 (RFC 5915, without the public key) up to its 32 bytes. */
export const P256_PKCS8_PREFIX: Uint8Array = fromHex(
  '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420',
);

/** DER of a PKCS #8 private key of ML-KEM-768 in the seed form (RFC 9935 section 6) up to its 64 bytes. */
export const ML_KEM_768_PKCS8_PREFIX: Uint8Array = fromHex('3054020100300b060960864801650304040204428040');

/** DER of a SubjectPublicKeyInfo of ML-KEM-768 (RFC 9935 section 4) up to its 1184 bytes. */
export const ML_KEM_768_SPKI_PREFIX: Uint8Array = fromHex('308204b2300b0609608648016503040402038204a100');
