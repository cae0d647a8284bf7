import { describe, expect, test } from 'vitest';
import { platform as node } from './node.ts';
import { platform as portable } from './portable.ts';

const NONCE = new Uint8Array(12).fill(9);
const AAD = Uint8Array.of(1, 2, 3);
const plain = (bytes: Uint8Array | undefined): number[] | undefined => bytes && [...bytes];

describe.each([
  ['node', node, portable],
  ['portable', portable, node],
])('%s seals what the other opens', (_name, one, other) => {
  test.each([1, 2])('AEAD %i', async (aead) => {
    const key = new Uint8Array(aead === 1 ? 16 : 32).fill(5);
    const [sealer, opener] = [await one.createAeadCipher(aead, key), await other.createAeadCipher(aead, key)];
    for (const message of [new Uint8Array(0), new Uint8Array(17).fill(3), new Uint8Array(16_384).fill(4)]) {
      const sealed = await sealer.seal(NONCE, AAD, message);
      expect(sealed.length).toBe(message.length + 16);
      expect(plain(await opener.open(NONCE, AAD, sealed))).toEqual([...message]);
      expect(await opener.open(NONCE, new Uint8Array(0), sealed)).toBeUndefined();
      expect(await opener.open(NONCE, AAD, sealed.subarray(1))).toBeUndefined();
      expect(await opener.open(NONCE, AAD, sealed.subarray(0, 15))).toBeUndefined();
    }
  });

  test('X25519', async () => {
    const [left, right] = [await one.generateX25519(), await other.generateX25519()];
    expect(plain(await left.agree(right.publicKey))).toEqual(plain(await right.agree(left.publicKey)));
    const secret = new Uint8Array(32).fill(77);
    const imported = [await one.importX25519(secret), await other.importX25519(secret)];
    expect(plain(imported[0]?.publicKey)).toEqual(plain(imported[1]?.publicKey));
  });

  test('X25519 refuses points of small order', async () => {
    const key = await one.generateX25519();
    const one32 = new Uint8Array(32);
    one32[0] = 1;
    for (const point of [new Uint8Array(32), one32]) {
      const secret = await key.agree(point);
      expect(secret === undefined || secret.every((byte) => byte === 0)).toBe(true);
    }
  });
});

test('a peer key that changes in place is read again', async () => {
  const [key, peer, next] = [await node.generateX25519(), await node.generateX25519(), await node.generateX25519()];
  const reused = peer.publicKey.slice();
  expect(await key.agree(reused)).toEqual(await peer.agree(key.publicKey));
  reused.set(next.publicKey);
  expect(await key.agree(reused)).toEqual(await next.agree(key.publicKey));
});

test('the portable platform has no ChaCha20-Poly1305', () => {
  expect(node.aeads).toContain(3);
  expect(portable.aeads).not.toContain(3);
});
