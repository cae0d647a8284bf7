import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { concat, fromBase64url, fromHex, importOnce, toBase64url } from '@cloister/core';
import { PKCS8_PREFIX, type Ed25519Platform, type SigningKey } from './types.ts';

function createSigningKey(seed: Uint8Array | undefined): SigningKey {
  const privateKey = seed === undefined ? generateKeyPairSync('ed25519').privateKey : importSeed(seed);
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return {
    publicKey: fromBase64url(x),
    sign: (message) => Uint8Array.from(sign(null, message, privateKey)),
  };
}

function importSeed(seed: Uint8Array): KeyObject {
  const encoded = Buffer.from(concat(fromHex(PKCS8_PREFIX), seed));
  const key = createPrivateKey({ key: encoded, format: 'der', type: 'pkcs8' });
  encoded.fill(0);
  return key;
}

/** A client verifies under one key again and again; reading it costs half of a verification. */
const importPublicKey = importOnce((publicKey) =>
  createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: toBase64url(publicKey) }, format: 'jwk' }),
);

/** OpenSSL on the calling thread: a signature costs less than the way to a thread pool and back. */
export const ed25519: Ed25519Platform = {
  createSigningKey,
  verify(publicKey, message, signature) {
    return verify(null, message, importPublicKey(publicKey), signature);
  },
};
