import { concat, fromBase64url } from '@cloister/core';
import { P256_PKCS8_PREFIX, X25519_PKCS8_PREFIX } from '../der-prefixes.ts';
import type { DhGroup, DhPrivateKey } from '../types.ts';
import { view } from './view.ts';

type Algorithm = { readonly name: 'X25519' } | { readonly name: 'ECDH'; readonly namedCurve: 'P-256' };

function wrap(algorithm: Algorithm, privateKey: CryptoKey, publicKey: Uint8Array): DhPrivateKey {
  return {
    publicKey,
    async agree(peer) {
      try {
        const key = await crypto.subtle.importKey('raw', view(peer), algorithm, false, []);
        return new Uint8Array(await crypto.subtle.deriveBits({ ...algorithm, public: key }, privateKey, 256));
      } catch {
        return undefined;
      }
    },
  };
}

async function generate(algorithm: Algorithm): Promise<DhPrivateKey> {
  const pair = (await crypto.subtle.generateKey(algorithm, false, ['deriveBits'])) as CryptoKeyPair;
  return wrap(algorithm, pair.privateKey, new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
}

/** The public key of a JWK: the 32 bytes of X25519, the uncompressed point of P-256. */
function publicKeyOf({ x = '', y }: JsonWebKey): Uint8Array {
  return y === undefined ? fromBase64url(x) : concat(Uint8Array.of(4), fromBase64url(x), fromBase64url(y));
}

async function importPrivateKey(algorithm: Algorithm, der: Uint8Array): Promise<DhPrivateKey | undefined> {
  try {
    const extractable = await crypto.subtle.importKey('pkcs8', view(der), algorithm, true, ['deriveBits']);
    const publicKey = publicKeyOf(await crypto.subtle.exportKey('jwk', extractable));
    const privateKey = await crypto.subtle.importKey('pkcs8', view(der), algorithm, false, ['deriveBits']);
    return wrap(algorithm, privateKey, publicKey);
  } catch {
    return undefined;
  }
}

function createGroup(algorithm: Algorithm, pkcs8Prefix: Uint8Array): DhGroup {
  return {
    generate: () => generate(algorithm),
    importPrivateKey: (secretKey) => importPrivateKey(algorithm, concat(pkcs8Prefix, secretKey)),
  };
}

/** X25519 (RFC 7748) through WebCrypto. */
export const x25519: DhGroup = createGroup({ name: 'X25519' }, X25519_PKCS8_PREFIX);

/** P-256 (SEC 1, FIPS 186-5) through WebCrypto. */
export const p256: DhGroup = createGroup({ name: 'ECDH', namedCurve: 'P-256' }, P256_PKCS8_PREFIX);
