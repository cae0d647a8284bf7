import { describe, expect, test } from 'vitest';
import { platform as node } from './node/index.ts';
import { platform as portable } from './portable/index.ts';

const NONCE = new Uint8Array(12).fill(9);
const AAD = Uint8Array.of(1, 2, 3);
const plain = (bytes: Uint8Array | undefined): number[] | undefined => bytes && [...bytes];

describe.each([
  ['node', node, portable],
  ['portable', portable, node],
])('%s seals what the other opens', (_name, one, other) => {
  test.each([1, 2, 3])('AEAD %i', async (aead) => {
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

  test.each(['x25519', 'p256'] as const)('%s', async (group) => {
    const [left, right] = [await one[group].generate(), await other[group].generate()];
    expect(plain(await left.agree(right.publicKey))).toEqual(plain(await right.agree(left.publicKey)));
    const secret = new Uint8Array(32).fill(77);
    const imported = [await one[group].importPrivateKey(secret), await other[group].importPrivateKey(secret)];
    expect(imported[0]?.publicKey.length).toBe(group === 'p256' ? 65 : 32);
    expect(plain(imported[0]?.publicKey)).toEqual(plain(imported[1]?.publicKey));
  });

  test('P-256 refuses what is no key and no point', async () => {
    const key = await one.p256.generate();
    const offCurve = key.publicKey.slice();
    offCurve[64] = (offCurve[64] as number) ^ 1;
    for (const point of [offCurve, new Uint8Array(65), Uint8Array.of(4, ...new Uint8Array(64)), new Uint8Array(64)]) {
      expect(await key.agree(point)).toBeUndefined();
    }
    for (const scalar of [new Uint8Array(32), new Uint8Array(32).fill(255)]) {
      expect(await one.p256.importPrivateKey(scalar)).toBeUndefined();
    }
  });

  test('ML-KEM-768', async () => {
    const seed = new Uint8Array(64).fill(9);
    const [ours, theirs] = [await one.mlKem768(), await other.mlKem768()];
    const key = await ours.importSeed(seed);
    expect(key.publicKey.length).toBe(1184);
    expect(plain((await theirs.importSeed(seed)).publicKey)).toEqual(plain(key.publicKey));
    const made = await theirs.encapsulate(key.publicKey);
    expect(made?.ciphertext.length).toBe(1088);
    expect(plain(await key.decapsulate(made?.ciphertext ?? seed))).toEqual(plain(made?.sharedSecret));
    const altered = made?.ciphertext.slice() ?? seed;
    altered[0] = (altered[0] as number) ^ 1;
    expect(plain(await key.decapsulate(altered))).not.toEqual(plain(made?.sharedSecret));
    expect(await ours.encapsulate(new Uint8Array(1184).fill(255))).toBeUndefined();
  });

  test('X25519 refuses points of small order', async () => {
    const key = await one.x25519.generate();
    const one32 = new Uint8Array(32);
    one32[0] = 1;
    for (const point of [new Uint8Array(32), one32]) {
      const secret = await key.agree(point);
      expect(secret === undefined || secret.every((byte) => byte === 0)).toBe(true);
    }
  });
});

test('texts of bytes are the same on both', () => {
  const bytes = new Uint8Array(10_000).map((_, index) => index % 256);
  const text = portable.toByteString(bytes);
  expect([text.length, text.charCodeAt(255), node.toByteString(bytes)]).toEqual([10_000, 255, text]);
  for (const platform of [node, portable]) expect(platform.fromByteString(text)).toEqual(bytes);
  expect(node.fromByteString('')).toEqual(new Uint8Array(0));
});

test('SHA3-256 is the same on both', () => {
  const bytes = new Uint8Array(134).fill(7);
  expect(node.sha3(bytes)).toEqual(portable.sha3(bytes));
});

test('a peer key that changes in place is read again', async () => {
  const [key, peer, next] = [await node.x25519.generate(), await node.x25519.generate(), await node.x25519.generate()];
  const reused = peer.publicKey.slice();
  expect(await key.agree(reused)).toEqual(await peer.agree(key.publicKey));
  reused.set(next.publicKey);
  expect(await key.agree(reused)).toEqual(await next.agree(key.publicKey));
});
