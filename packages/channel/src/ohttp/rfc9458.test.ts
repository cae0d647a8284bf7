import { concat, fromHex, toHex, utf8 } from '@cloister/core';
import { describe, expect, test } from 'vitest';
import { codeOf, readVectors } from '../../test/support.ts';
import { createHpkeContext } from '../hpke/context.ts';
import { importHpkePrivateKey } from '../hpke/index.ts';
import { createReceiverKey, parseKeyConfig } from '../index.ts';
import type { ReceiverKey } from '../index.ts';
import {
  importReceiverKey,
  openWholeRequest,
  openWholeResponse,
  sealWholeRequest,
  sealWholeResponse,
} from './index.ts';
import { exportResponseSecrets, requestInfo } from './request-context.ts';
import { WHOLE } from './types.ts';

const vector = readVectors<Readonly<Record<string, string>>>('ohttp-rfc9458-a.json');
const bytes = (name: string): Uint8Array => fromHex(vector[name] ?? '');
const config = parseKeyConfig(bytes('keyConfig'));
const secrets = { aead: 1, enc: bytes('clientEphemeralPublicKey'), secret: bytes('exportedSecret') };

describe('RFC 9458 appendix A', () => {
  test('the request is sealed to the same bytes', async () => {
    const suite = { kem: 32, kdf: 1, aead: 1 };
    const header = bytes('encapsulatedRequest').subarray(0, 7);
    expect(toHex(requestInfo(WHOLE, header))).toBe(vector['info']);
    const ephemeral = await importHpkePrivateKey(32, bytes('clientEphemeralSecretKey'));
    const made = await ephemeral.encapsulateTo?.(config.publicKey);
    const context = await createHpkeContext(suite, made ?? { sharedSecret: bytes(''), enc: bytes('') }, bytes('info'));
    const sealed = await context.seal(new Uint8Array(0), bytes('bhttpRequest'));
    expect(toHex(concat(header, context.enc, sealed))).toBe(vector['encapsulatedRequest']);
    expect(toHex(exportResponseSecrets(WHOLE, context).secret)).toBe(vector['exportedSecret']);
  });

  test('the request is opened and its response sealed to the same bytes', async () => {
    const key = await importReceiverKey(config, bytes('gatewaySecretKey'));
    const opened = await openWholeRequest([key], bytes('encapsulatedRequest'));
    expect(toHex(opened.message)).toBe(vector['bhttpRequest']);
    expect(opened.keyId).toBe(1);
    const nonce = bytes('encapsulatedResponse').subarray(0, 16);
    const random = (length: number): Uint8Array => nonce.slice(0, length);
    expect(toHex(await opened.sealResponse(bytes('bhttpResponse'), { random }))).toBe(vector['encapsulatedResponse']);
  });

  test('the response is opened', async () => {
    expect(toHex(await openWholeResponse(secrets, bytes('encapsulatedResponse')))).toBe(vector['bhttpResponse']);
  });
});

const message = utf8('not looked at');

async function exchange(key: ReceiverKey): Promise<{
  readonly sealed: Awaited<ReturnType<typeof sealWholeRequest>>;
  readonly opened: Awaited<ReturnType<typeof openWholeRequest>>;
}> {
  const sealed = await sealWholeRequest(parseKeyConfig(key.config), message);
  return { sealed, opened: await openWholeRequest([key], sealed.encapsulated) };
}

test.each([1, 2, 3])('a whole exchange under AEAD %i', async (aead) => {
  const key = await createReceiverKey({ suites: [{ kdf: 1, aead }] });
  const { sealed, opened } = await exchange(key);
  expect(opened.message).toEqual(message);
  expect(await sealed.openResponse(await opened.sealResponse(utf8('answer')))).toEqual(utf8('answer'));
});

test('responses of two exchanges cannot be swapped', async () => {
  const key = await createReceiverKey();
  const [one, two] = [await exchange(key), await exchange(key)];
  const answer = await one.opened.sealResponse(utf8('answer'));
  expect(await codeOf(two.sealed.openResponse(answer))).toBe('ERR_CHANNEL_DECRYPT_FAILED');
  expect(await codeOf(one.sealed.openResponse(answer))).toBeUndefined();
});

test('a whole form is not a chunked form', async () => {
  const key = await createReceiverKey();
  const { sealed } = await exchange(key);
  const { openChunkedRequest } = await import('./index.ts');
  expect(await codeOf(openChunkedRequest([key], sealed.encapsulated))).toMatch(/^ERR_CHANNEL_/);
});

test('any altered or missing byte of a request or response is refused', async () => {
  const key = await createReceiverKey({ keyId: 3 });
  const { sealed, opened } = await exchange(key);
  const answer = await opened.sealResponse(message);
  for (let index = 0; index < sealed.encapsulated.length; index++) {
    const altered = sealed.encapsulated.slice();
    altered[index] = (altered[index] as number) ^ 1;
    expect(await codeOf(openWholeRequest([key], altered))).toMatch(/^ERR_CHANNEL_/);
    expect(await codeOf(openWholeRequest([key], sealed.encapsulated.subarray(0, index)))).toMatch(/^ERR_CHANNEL_/);
  }
  for (let index = 0; index < answer.length; index++) {
    const altered = answer.slice();
    altered[index] = (altered[index] as number) ^ 1;
    expect(await codeOf(sealed.openResponse(altered))).toBe('ERR_CHANNEL_DECRYPT_FAILED');
    expect(await codeOf(sealed.openResponse(answer.subarray(0, index)))).toBe('ERR_CHANNEL_DECRYPT_FAILED');
  }
});

test('a secret of another length is refused', async () => {
  const short = { ...secrets, secret: secrets.secret.subarray(1) };
  expect(await codeOf(sealWholeResponse(short, message))).toBe('ERR_CHANNEL_INVALID_ARGUMENT');
});
