import { fromHex, toHex } from '@cloister/core';
import { describe, expect, test } from 'vitest';
import { codeOf, readVectors } from '../../test/support.ts';
import { createHpkeReceiver, createHpkeSender, importHpkePrivateKey, KEM } from './index.ts';
import { xwing } from './xwing.ts';

interface KemVector {
  readonly seed: string;
  readonly ss: string;
  readonly pk: string;
  readonly ct: string;
}

interface HpkeVector {
  readonly kdf_id: number;
  readonly aead_id: number;
  readonly info: string;
  readonly skRm: string;
  readonly pkRm: string;
  readonly enc: string;
  readonly encryptions: readonly { pt: string; aad: string; ct: string }[];
  readonly exports: readonly { exporter_context: string; L: number; exported_value: string }[];
}

const kem = readVectors<{ vectors: readonly KemVector[] }>('xwing-kem.json').vectors;
const hpke = readVectors<{ vectors: readonly HpkeVector[] }>('hpke-pq-xwing.json').vectors;

describe('X-Wing', () => {
  test.each(kem)('vector %# of the KEM draft', async ({ seed, ss, pk, ct }) => {
    const key = await xwing.importPrivateKey(fromHex(seed));
    expect(toHex(key.publicKey)).toBe(pk);
    expect(toHex(await key.decapsulate(fromHex(ct)))).toBe(ss);
  });

  test.each(hpke)('vector %# of the HPKE draft', async (vector) => {
    const suite = { kem: KEM.xwing, kdf: vector.kdf_id, aead: vector.aead_id };
    const key = await importHpkePrivateKey(suite.kem, fromHex(vector.skRm));
    expect(toHex(key.publicKey)).toBe(vector.pkRm);
    const receiver = await createHpkeReceiver(suite, key, fromHex(vector.enc), fromHex(vector.info));
    for (const row of vector.encryptions) {
      expect(toHex((await receiver.open(fromHex(row.aad), fromHex(row.ct))) ?? fromHex(''))).toBe(row.pt);
    }
    for (const { exporter_context: context, L, exported_value: value } of vector.exports) {
      expect(toHex(receiver.exportSecret(fromHex(context), L))).toBe(value);
    }
  });

  test('either half altered gives another secret', async () => {
    const key = await xwing.generate();
    const { enc, sharedSecret } = await xwing.encapsulate(key.publicKey);
    expect(toHex(await key.decapsulate(enc))).toBe(toHex(sharedSecret));
    for (const offset of [0, 1087, 1088, 1119]) {
      const altered = enc.slice();
      altered[offset] = (altered[offset] as number) ^ 1;
      expect(toHex(await key.decapsulate(altered))).not.toBe(toHex(sharedSecret));
    }
  });

  test('keys and encapsulations of a wrong form are refused', async () => {
    const key = await xwing.generate();
    const suite = { kem: KEM.xwing, kdf: 1, aead: 1 };
    const none = new Uint8Array(0);
    for (const recipient of [key.publicKey.subarray(1), none, new Uint8Array(1216).fill(255)]) {
      expect(await codeOf(createHpkeSender(suite, recipient, none))).toBe('ERR_CHANNEL_INVALID_KEY');
    }
    expect(await codeOf(createHpkeReceiver(suite, key, new Uint8Array(1119), none))).toBe('ERR_CHANNEL_INVALID_KEY');
    expect(await codeOf(importHpkePrivateKey(KEM.xwing, new Uint8Array(31)))).toBe('ERR_CHANNEL_INVALID_KEY');
  });
});
