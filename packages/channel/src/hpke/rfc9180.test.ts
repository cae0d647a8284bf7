import { fromHex, toHex } from '@cloister/core';
import { describe, expect, test } from 'vitest';
import { codeOf, readVectors } from '../../test/support.ts';
import { createHpkeContext } from './context.ts';
import { createHpkeReceiver, createHpkeSender, importHpkePrivateKey } from './index.ts';

interface Vector {
  readonly suite: string;
  readonly kem_id: number;
  readonly kdf_id: number;
  readonly aead_id: number;
  readonly info: string;
  readonly skEm: string;
  readonly skRm: string;
  readonly pkRm: string;
  readonly enc: string;
  readonly shared_secret: string;
  readonly encryptions: readonly { 'sequence number': string; pt: string; aad: string; ct: string }[];
  readonly exports: readonly { exporter_context: string; L: string; exported_value: string }[];
}

const { vectors } = readVectors<{ vectors: readonly Vector[] }>('hpke-rfc9180-x25519.json');

describe.each(vectors.map((vector) => [vector.suite, vector] as const))('RFC 9180 appendix A: %s', (_name, vector) => {
  const suite = { kem: vector.kem_id, kdf: vector.kdf_id, aead: vector.aead_id };
  const info = fromHex(vector.info);
  const receive = async (sequence = 0): Promise<Awaited<ReturnType<typeof createHpkeReceiver>>> => {
    const key = await importHpkePrivateKey(suite.kem, fromHex(vector.skRm));
    return createHpkeReceiver(suite, key, fromHex(vector.enc), info, { sequence });
  };

  test('encapsulation', async () => {
    const ephemeral = await importHpkePrivateKey(suite.kem, fromHex(vector.skEm));
    const made = await ephemeral.encapsulateTo?.(fromHex(vector.pkRm));
    expect(made && [toHex(made.enc), toHex(made.sharedSecret)]).toEqual([vector.enc, vector.shared_secret]);
    const recipient = await importHpkePrivateKey(suite.kem, fromHex(vector.skRm));
    expect(toHex(recipient.publicKey)).toBe(vector.pkRm);
    expect(toHex(await recipient.decapsulate(fromHex(vector.enc)))).toBe(vector.shared_secret);
  });

  test.each(vector.encryptions.map((row) => [Number(row['sequence number']), row] as const))(
    'message %i',
    async (sequence, row) => {
      const secrets = { sharedSecret: fromHex(vector.shared_secret), enc: fromHex(vector.enc) };
      const sender = await createHpkeContext(suite, secrets, info, { sequence });
      expect(toHex(await sender.seal(fromHex(row.aad), fromHex(row.pt)))).toBe(row.ct);
      const opened = await (await receive(sequence)).open(fromHex(row.aad), fromHex(row.ct));
      expect(opened && toHex(opened)).toBe(row.pt);
      expect(await (await receive(sequence + 1)).open(fromHex(row.aad), fromHex(row.ct))).toBeUndefined();
    },
  );

  test('a run of messages counts by itself', async () => {
    const receiver = await receive();
    for (const row of vector.encryptions.slice(0, 3)) {
      const opened = await receiver.open(fromHex(row.aad), fromHex(row.ct));
      expect(opened && toHex(opened)).toBe(row.pt);
    }
  });

  test.each(vector.exports)(
    'export "$exporter_context"',
    async ({ exporter_context: context, L, exported_value: value }) => {
      expect(toHex((await receive()).exportSecret(fromHex(context), Number(L)))).toBe(value);
    },
  );
});

test('an export-only context refuses to seal and open', async () => {
  const key = await importHpkePrivateKey(32, new Uint8Array(32).fill(1));
  const context = await createHpkeSender({ kem: 32, kdf: 1, aead: 0xffff }, key.publicKey, new Uint8Array(0));
  expect(await codeOf(context.seal(new Uint8Array(0), new Uint8Array(1)))).toBe('ERR_CHANNEL_EXPORT_ONLY');
  expect(await codeOf(context.open(new Uint8Array(0), new Uint8Array(17)))).toBe('ERR_CHANNEL_EXPORT_ONLY');
});

test.each([
  [{ kem: 0x0011, kdf: 1, aead: 1 }, 'ERR_CHANNEL_KEM_UNSUPPORTED'],
  [{ kem: 0x0099, kdf: 1, aead: 1 }, 'ERR_CHANNEL_KEM_UNSUPPORTED'],
  [{ kem: 0x0020, kdf: 2, aead: 1 }, 'ERR_CHANNEL_KDF_UNSUPPORTED'],
  [{ kem: 0x0020, kdf: 1, aead: 4 }, 'ERR_CHANNEL_AEAD_UNSUPPORTED'],
])('suite %o is refused as %s', async (suite, code) => {
  expect(await codeOf(createHpkeSender(suite, new Uint8Array(32).fill(9), new Uint8Array(0)))).toBe(code);
});

test.each([
  ['a short key', new Uint8Array(31)],
  ['a long key', new Uint8Array(33)],
  ['a point of small order', new Uint8Array(32)],
])('%s is refused', async (_name, recipient) => {
  const suite = { kem: 32, kdf: 1, aead: 1 };
  expect(await codeOf(createHpkeSender(suite, recipient, new Uint8Array(0)))).toBe('ERR_CHANNEL_INVALID_KEY');
  const key = await importHpkePrivateKey(32, new Uint8Array(32).fill(1));
  expect(await codeOf(createHpkeReceiver(suite, key, recipient, new Uint8Array(0)))).toBe('ERR_CHANNEL_INVALID_KEY');
});

test.each([0, -1, 1.5, 8161, Number.NaN])('an export of %d bytes is refused', async (length) => {
  const key = await importHpkePrivateKey(32, new Uint8Array(32).fill(1));
  const context = await createHpkeSender({ kem: 32, kdf: 1, aead: 1 }, key.publicKey, new Uint8Array(0));
  expect(() => context.exportSecret(new Uint8Array(0), length)).toThrow('wrong form');
});
