import { concat, fromHex, toHex } from '@cloister/core';
import { describe, expect, test } from 'vitest';
import { codeOf, cut, readVectors } from '../../test/support.ts';
import { createHpkeContext } from '../hpke/context.ts';
import { importHpkePrivateKey } from '../hpke/index.ts';
import { parseKeyConfig } from '../index.ts';
import { importReceiverKey, openChunkedRequest, openChunkedResponse, sealChunkedResponse } from '../ohttp/index.ts';
import { exportResponseSecrets, requestInfo } from '../ohttp/request-context.ts';
import { CHUNKED } from '../ohttp/types.ts';
import { join, listChunks } from './chunk-list.ts';
import { sealChunks } from './chunks.ts';

interface Vector {
  readonly keyConfig: string;
  readonly gatewaySecretKey: string;
  readonly clientEphemeralSecretKey: string;
  readonly clientEphemeralPublicKey: string;
  readonly info: string;
  readonly bhttpRequest: string;
  readonly encapsulatedRequest: string;
  readonly bhttpResponse: string;
  readonly exportedSecret: string;
  readonly encapsulatedResponse: string;
  readonly requestPlaintextChunks: readonly number[];
  readonly responsePlaintextChunks: readonly number[];
}

const vector = readVectors<Vector>('chunked-ohttp-draft08.json');
const config = parseKeyConfig(fromHex(vector.keyConfig));
const secrets = { aead: 1, enc: fromHex(vector.clientEphemeralPublicKey), secret: fromHex(vector.exportedSecret) };

function split(message: string, lengths: readonly number[]): Uint8Array[] {
  const bytes = fromHex(message);
  let offset = 0;
  return lengths.map((length) => bytes.subarray(offset, (offset += length)));
}

const requestChunks = split(vector.bhttpRequest, vector.requestPlaintextChunks);
const responseChunks = split(vector.bhttpResponse, vector.responsePlaintextChunks);

describe('draft-ietf-ohai-chunked-ohttp-08, example', () => {
  test('the request is sealed to the same bytes', async () => {
    const header = fromHex(vector.encapsulatedRequest).subarray(0, 7);
    expect(toHex(requestInfo(CHUNKED, header))).toBe(vector.info);
    const ephemeral = await importHpkePrivateKey(32, fromHex(vector.clientEphemeralSecretKey));
    const made = await ephemeral.encapsulateTo?.(config.publicKey);
    const empty = { sharedSecret: new Uint8Array(0), enc: new Uint8Array(0) };
    const context = await createHpkeContext({ kem: 32, kdf: 1, aead: 1 }, made ?? empty, fromHex(vector.info));
    const sealed = await join(sealChunks(concat(header, context.enc), async () => context, listChunks(requestChunks)));
    expect(toHex(sealed)).toBe(vector.encapsulatedRequest);
    expect(toHex(exportResponseSecrets(CHUNKED, context).secret)).toBe(vector.exportedSecret);
  });

  test('the request is opened, chunk by chunk', async () => {
    const key = await importReceiverKey(config, fromHex(vector.gatewaySecretKey));
    const opened = await openChunkedRequest([key], fromHex(vector.encapsulatedRequest));
    expect(opened.chunks.map(toHex)).toEqual(requestChunks.map(toHex));
    expect(toHex(opened.enc)).toBe(vector.clientEphemeralPublicKey);
  });

  test('the response is sealed to the same bytes', async () => {
    const nonce = fromHex(vector.encapsulatedResponse).subarray(0, 16);
    const sealed = await sealChunkedResponse(secrets, responseChunks, { random: () => nonce });
    expect(toHex(sealed)).toBe(vector.encapsulatedResponse);
  });

  test('the response is opened, chunk by chunk', async () => {
    const opened = await openChunkedResponse(secrets, fromHex(vector.encapsulatedResponse));
    expect(opened.map(toHex)).toEqual(responseChunks.map(toHex));
  });

  test('a cut at any byte is ERR_CHANNEL_TRUNCATED in both directions', async () => {
    const key = await importReceiverKey(config, fromHex(vector.gatewaySecretKey));
    const [request, response] = [fromHex(vector.encapsulatedRequest), fromHex(vector.encapsulatedResponse)];
    for (let length = 0; length < request.length; length++) {
      expect(await codeOf(openChunkedRequest([key], request.subarray(0, length)))).toBe('ERR_CHANNEL_TRUNCATED');
    }
    for (let length = 0; length < response.length; length++) {
      expect(await codeOf(openChunkedResponse(secrets, response.subarray(0, length)))).toBe('ERR_CHANNEL_TRUNCATED');
    }
  });
});

test.each([
  ['no chunk', []],
  ['an empty chunk before the last', [new Uint8Array(0), new Uint8Array(1)]],
  ['a chunk above 16,384 bytes', [new Uint8Array(16_385)]],
])('sealing %s is refused', async (_name, chunks) => {
  expect(await codeOf(sealChunkedResponse(secrets, chunks))).toBe('ERR_CHANNEL_INVALID_ARGUMENT');
});

test('chunks of 16,384 bytes are accepted, as the draft asks', async () => {
  const message = new Uint8Array(40_000).fill(6);
  const opened = await openChunkedResponse(secrets, await sealChunkedResponse(secrets, cut(message, 16_384)));
  expect(opened.map((chunk) => chunk.length)).toEqual([16_384, 16_384, 7_232]);
});
