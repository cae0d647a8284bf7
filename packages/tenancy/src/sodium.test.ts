import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { freeSodiumState, loadSodium, type Sodium, sodiumMemory } from './sodium.ts';

const isInMemory = (bytes: Uint8Array): boolean =>
  Buffer.from(sodiumMemory().HEAPU8.buffer).includes(Buffer.from(bytes));

describe('the memory of libsodium', () => {
  let sodium: Sodium;
  beforeAll(async () => {
    sodium = await loadSodium();
  });

  const NONCE = randomBytes(24);
  const seal = (key: Uint8Array, text: Uint8Array): Uint8Array =>
    sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(text, null, null, NONCE, key);
  const stream = (key: Uint8Array, text: Uint8Array): void => {
    const { state } = sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
    const address = state as unknown as number;
    sodium.crypto_secretstream_xchacha20poly1305_push(state, text, null, 0);
    const held = sodiumMemory().HEAPU8.slice(address, address + 32);
    expect(isInMemory(held)).toBe(true);
    freeSodiumState(state);
    expect(isInMemory(held)).toBe(false);
  };

  const calls: readonly (readonly [string, (key: Uint8Array, text: Uint8Array) => unknown])[] = [
    ['sealing', (key, text) => seal(key, text)],
    [
      'opening',
      (key, text) => sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, seal(key, text), null, NONCE, key),
    ],
    ['a keyed hash', (key, text) => sodium.crypto_generichash(32, text, key)],
    ['a stream', (key, text) => stream(key, text)],
  ];

  it.each(calls)('keeps neither key nor text of %s', (_, call) => {
    for (const length of [64, 1600, 70_000]) {
      const [key, text] = [randomBytes(32), randomBytes(length)];
      call(key, text);
      expect(isInMemory(key)).toBe(false);
      for (let start = 0; start + 32 <= length; start += 1024)
        expect(isInMemory(text.subarray(start, start + 32))).toBe(false);
    }
  });

  it('shows what is in it, and no longer once it is given back (control)', () => {
    const memory = sodiumMemory();
    const secret = randomBytes(32);
    const address = memory._malloc(32);
    memory.HEAPU8.set(secret, address);
    expect(isInMemory(secret)).toBe(true);
    memory._free(address);
    expect(isInMemory(secret)).toBe(false);
  });
});
