import { concat, fromBase64url, fromHex } from '@cloister/core';
import { PKCS8_PREFIX, type Ed25519Platform, type SigningKey } from './types.ts';

async function createSigningKey(seed: Uint8Array | undefined): Promise<SigningKey> {
  const { privateKey, publicKey } = seed === undefined ? await generate() : await importSeed(seed);
  return {
    publicKey,
    async sign(message) {
      return new Uint8Array(await globalThis.crypto.subtle.sign('Ed25519', privateKey, Uint8Array.from(message)));
    },
  };
}

interface KeyPair {
  readonly privateKey: CryptoKey;
  readonly publicKey: Uint8Array;
}

async function generate(): Promise<KeyPair> {
  const { subtle } = globalThis.crypto;
  const pair = (await subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
  return { privateKey: pair.privateKey, publicKey: new Uint8Array(await subtle.exportKey('raw', pair.publicKey)) };
}

async function importSeed(seed: Uint8Array): Promise<KeyPair> {
  const { subtle } = globalThis.crypto;
  const encoded = Uint8Array.from(concat(fromHex(PKCS8_PREFIX), seed));
  // WebCrypto tells the public key of a private one only through an extractable handle and JWK.
  const jwk = await subtle.exportKey('jwk', await subtle.importKey('pkcs8', encoded, 'Ed25519', true, ['sign']));
  const privateKey = await subtle.importKey('pkcs8', encoded, 'Ed25519', false, ['sign']);
  encoded.fill(0);
  return { privateKey, publicKey: fromBase64url(jwk.x ?? '') };
}

async function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const { subtle } = globalThis.crypto;
  const key = await subtle.importKey('raw', Uint8Array.from(publicKey), 'Ed25519', false, ['verify']);
  return subtle.verify('Ed25519', key, Uint8Array.from(signature), Uint8Array.from(message));
}

/** WebCrypto, where `node:crypto` does not exist. */
export const ed25519: Ed25519Platform = { createSigningKey, verify };
