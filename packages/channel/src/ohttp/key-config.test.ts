import { concat, fromHex, isCloisterError, toHex } from '@cloister/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeOf, HEAD, readRows } from '../../test/support.ts';
import {
  createReceiver,
  createReceiverKey,
  encodeKeyConfig,
  parseKeyConfig,
  parseKeyConfigList,
  sealRequest,
} from '../index.ts';
import { importReceiverKey } from './index.ts';

const rows = readRows<{ id?: string; hex?: string }>('ohttp-fixtures.jsonl');
const list = (id: string): Uint8Array => fromHex(rows.find((row) => row.id === id)?.hex ?? '');
const code = (run: () => unknown): string | undefined => {
  try {
    run();
    return undefined;
  } catch (error) {
    return isCloisterError(error) ? error.code : String(error);
  }
};

test.each([
  ['keys-0', 0x0020, 32],
  ['keys-1', 0x0010, 65],
  ['keys-2', 0x647a, 1216],
])("%s, a third party's list, is read and written again", (id, kem, length) => {
  const [config, ...others] = parseKeyConfigList(list(id));
  expect(others).toEqual([]);
  expect(config).toMatchObject({ keyId: 1, kem, suites: [1, 2, 3].map((aead) => ({ kdf: 1, aead })) });
  expect(config?.publicKey.length).toBe(length);
  expect(config && toHex(encodeKeyConfig(config))).toBe(toHex(list(id).subarray(2)));
});

test('unknown KEMs are left out of a list, and refused alone', () => {
  const unknown = fromHex('0009' + '07' + '4242' + '0000' + '00010001');
  expect(parseKeyConfigList(concat(unknown, list('keys-0'))).map(({ kem }) => kem)).toEqual([0x20]);
  expect(code(() => parseKeyConfig(unknown.subarray(2)))).toBe('ERR_CHANNEL_KEM_UNSUPPORTED');
});

test('every cut or longer configuration is refused', () => {
  const config = list('keys-0').subarray(2);
  for (let length = 0; length < config.length; length++) {
    expect(code(() => parseKeyConfig(config.subarray(0, length)))).toBe('ERR_CHANNEL_MALFORMED_CONFIG');
    expect(code(() => parseKeyConfigList(list('keys-0').subarray(0, length + 1)))).toBe('ERR_CHANNEL_MALFORMED_CONFIG');
  }
  expect(code(() => parseKeyConfig(concat(config, new Uint8Array(4))))).toBe('ERR_CHANNEL_MALFORMED_CONFIG');
  expect(code(() => parseKeyConfigList(new Uint8Array(65_537)))).toBe('ERR_CHANNEL_MALFORMED_CONFIG');
});

test('any bytes give a configuration or an error of ours', () => {
  const biased = fc.uint8Array({ maxLength: 60 }).map((rest) => Uint8Array.of(0, 0, 0x20, ...rest));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), biased), (bytes) => {
      for (const parse of [parseKeyConfig, parseKeyConfigList])
        expect(code(() => parse(bytes)) ?? 'ERR_CHANNEL_').toMatch(/^ERR_CHANNEL_/);
    }),
  );
});

test.each([
  ['a key id above a byte', { keyId: 256 }],
  ['a negative key id', { keyId: -1 }],
  ['no suite', { suites: [] }],
  ['a suite number above two bytes', { suites: [{ kdf: 1, aead: 65_536 }] }],
  ['a key of another length', { publicKey: new Uint8Array(31) }],
])('encoding refuses %s', (_name, change) => {
  const config = { keyId: 1, kem: 32, publicKey: new Uint8Array(32), suites: [{ kdf: 1, aead: 1 }], ...change };
  expect(code(() => encodeKeyConfig(config))).toBe('ERR_CHANNEL_INVALID_ARGUMENT');
});

test.each([
  [{ kem: 0x0011 }, 'ERR_CHANNEL_KEM_UNSUPPORTED'],
  [{ suites: [{ kdf: 3, aead: 1 }] }, 'ERR_CHANNEL_KDF_UNSUPPORTED'],
  [{ suites: [{ kdf: 1, aead: 9 }] }, 'ERR_CHANNEL_AEAD_UNSUPPORTED'],
  [{ keyId: 300 }, 'ERR_CHANNEL_INVALID_ARGUMENT'],
])('createReceiverKey(%o) is refused as %s', async (options, expected) => {
  expect(await codeOf(createReceiverKey(options))).toBe(expected);
});

test('AES-256-GCM is preferred; a suite that is not offered is refused at both ends', async () => {
  const key = await createReceiverKey({ keyId: 9, suites: [3, 1, 2].map((aead) => ({ kdf: 1, aead })) });
  const config = parseKeyConfig(key.config);
  const first = async (body: ReadableStream<Uint8Array>): Promise<Uint8Array | undefined> =>
    (await body.getReader().read()).value;
  const piece = await first((await sealRequest(config, { head: HEAD })).body);
  expect([...(piece ?? new Uint8Array(0)).subarray(0, 7)]).toEqual([9, 0, 0x20, 0, 1, 0, 2]);

  const narrow = await createReceiverKey({ keyId: 9, suites: [{ kdf: 1, aead: 1 }] });
  expect(await codeOf(sealRequest(parseKeyConfig(narrow.config), { head: HEAD }, { suite: { kdf: 1, aead: 2 } }))).toBe(
    'ERR_CHANNEL_SUITE_REFUSED',
  );
  const { body } = await sealRequest(
    { ...parseKeyConfig(narrow.config), suites: config.suites },
    { head: HEAD },
    { suite: { kdf: 1, aead: 2 } },
  );
  expect(await codeOf(createReceiver([narrow]).openRequest(body))).toBe('ERR_CHANNEL_SUITE_REFUSED');
});

test('an unknown, a destroyed and a forged key open nothing', async () => {
  const [key, other] = [await createReceiverKey({ keyId: 1 }), await createReceiverKey({ keyId: 2 })];
  const seal = async (): Promise<ReadableStream<Uint8Array>> =>
    (await sealRequest(parseKeyConfig(key.config), { head: HEAD })).body;
  expect(await codeOf(createReceiver([other, key]).openRequest(await seal()))).toBeUndefined();
  expect(await codeOf(createReceiver([other]).openRequest(await seal()))).toBe('ERR_CHANNEL_KEY_UNKNOWN');
  expect(await codeOf(createReceiver([{ ...key }]).openRequest(await seal()))).toBe('ERR_CHANNEL_INVALID_ARGUMENT');
  key.destroy();
  expect(await codeOf(createReceiver(() => [key]).openRequest(await seal()))).toBe('ERR_CHANNEL_KEY_UNKNOWN');
  expect(JSON.stringify(key)).not.toContain('privateKey');
});

test('a secret that does not belong to its configuration is refused', async () => {
  const config = parseKeyConfig((await createReceiverKey()).config);
  expect(await codeOf(importReceiverKey(config, new Uint8Array(32).fill(3)))).toBe('ERR_CHANNEL_INVALID_KEY');
});

test('keys of one process have different ids, all 256 of them', async () => {
  const ids = new Set<number>();
  for (let count = 0; count < 256; count++) ids.add((await createReceiverKey()).keyId);
  expect(ids.size).toBe(256);
});
