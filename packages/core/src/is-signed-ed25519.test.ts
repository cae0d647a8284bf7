import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, it } from 'vitest';
import { isSignedEd25519 } from './is-signed-ed25519.ts';
import { fromBase64url, utf8 } from './index.ts';

it('takes the signature of the key, and neither another one nor what is none', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = fromBase64url(publicKey.export({ format: 'jwk' }).x ?? '');
  const message = utf8('message');
  const signature = new Uint8Array(sign(null, message, privateKey));
  expect(await isSignedEd25519(key, message, signature)).toBe(true);
  expect(await isSignedEd25519(key, utf8('other'), signature)).toBe(false);
  expect(await isSignedEd25519(key, message, signature.toReversed())).toBe(false);
  expect(await isSignedEd25519(key, message, signature.subarray(1))).toBe(false);
  expect(await isSignedEd25519(key.subarray(1), message, signature)).toBe(false);
});
