import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex, utf8 } from '@cloister/core';
import { ed25519 as node } from './node.ts';
import { ed25519 as portable } from './portable.ts';
import type { Ed25519Platform } from './types.ts';

const PLATFORMS: readonly (readonly [string, Ed25519Platform])[] = [
  ['node', node],
  ['portable', portable],
];

// RFC 8032 section 7.1, test 3.
const SEED = fromHex('c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7');
const PUBLIC_KEY = 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025';
const SIGNATURE =
  '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a';

describe.each(PLATFORMS)('Ed25519 by %s', (_name, platform) => {
  it('signs as RFC 8032 says', async () => {
    const key = await platform.createSigningKey(SEED);
    expect(toHex(key.publicKey)).toBe(PUBLIC_KEY);
    expect(toHex(await key.sign(fromHex('af82')))).toBe(SIGNATURE);
  });

  it('verifies what a fresh key of the other platform signed, and nothing else', async () => {
    for (const [, other] of PLATFORMS) {
      const key = await other.createSigningKey(undefined);
      const signature = await key.sign(utf8('message'));
      expect(await platform.verify(key.publicKey, utf8('message'), signature)).toBe(true);
      expect(await platform.verify(key.publicKey, utf8('massage'), signature)).toBe(false);
    }
  });

  it('agrees with every kept Wycheproof vector', async () => {
    const url = new URL('../../../../test/vectors/audit/ed25519/wycheproof_ed25519_kept.json', import.meta.url);
    const { testGroups } = JSON.parse(readFileSync(url, 'utf8')) as {
      testGroups: { publicKey: { pk: string }; tests: { msg: string; sig: string; result: string }[] }[];
    };
    for (const { publicKey, tests } of testGroups) {
      for (const { msg, sig, result } of tests) {
        if (sig.length !== 128) continue;
        const valid = await platform.verify(fromHex(publicKey.pk), fromHex(msg), fromHex(sig));
        expect(valid).toBe(result === 'valid');
      }
    }
  });
});
