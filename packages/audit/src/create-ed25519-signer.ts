import { concat, fromBase64url, fromHex } from '@cloister/core';
import { auditError } from './errors.ts';

/** Signs with an Ed25519 key that it does not give out. */
export interface Ed25519Signer {
  /** 32 bytes, RFC 8032. */
  readonly publicKey: Uint8Array;
  /** The 64-byte signature of a message. Deterministic. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** PKCS #8 (RFC 8410 section 7) up to the 32 bytes of the seed. */
const PKCS8_PREFIX = fromHex('302e020100300506032b657004220420');

/**
 * An Ed25519 signer (RFC 8032) over WebCrypto.
 * @param seed the 32-byte private key; without it a fresh key is generated that exists in memory only
 * @throws CloisterError `ERR_AUDIT_KEY` when the seed has another length
 */
export async function createEd25519Signer(seed?: Uint8Array): Promise<Ed25519Signer> {
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
  if (seed.length !== 32) throw auditError('ERR_AUDIT_KEY');
  const { subtle } = globalThis.crypto;
  const encoded = Uint8Array.from(concat(PKCS8_PREFIX, seed));
  // WebCrypto tells the public key of a private one only through an extractable handle and JWK.
  const jwk = await subtle.exportKey('jwk', await subtle.importKey('pkcs8', encoded, 'Ed25519', true, ['sign']));
  const privateKey = await subtle.importKey('pkcs8', encoded, 'Ed25519', false, ['sign']);
  encoded.fill(0);
  return { privateKey, publicKey: fromBase64url(jwk.x ?? '') };
}
