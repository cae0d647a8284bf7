import { utf8 } from '@cloister/core';
import { expect, test, vi } from 'vitest';
import { codeOf, HEAD, readAll, readPieces, streamOf } from '../../test/support.ts';
import { createReceiver, createReceiverKey, parseKeyConfig, sealRequest } from '../index.ts';

// The same package as a browser gets it: `#platform` resolves to the WebCrypto variant.
vi.mock('#platform', () => import('./portable.ts'));

test('a whole exchange over WebCrypto', async () => {
  const key = await createReceiverKey();
  const config = parseKeyConfig(key.config);
  expect(config.suites.map(({ aead }) => aead)).toEqual([2, 1]);
  for (const suite of config.suites) {
    const sealed = await sealRequest(config, { head: HEAD, body: streamOf(utf8('a'), utf8('b')) }, { suite });
    const opened = await createReceiver([key]).openRequest(sealed.body);
    expect(opened.head).toEqual(HEAD);
    expect(await readAll(opened.body)).toEqual(utf8('ab'));
    const head = { status: 200, headers: [] };
    const wire = await readPieces(
      opened.sealResponse({ head, body: streamOf(utf8('c')), trailers: () => [['t', 'v']] }),
    );
    const answer = await sealed.openResponse(streamOf(...wire));
    expect(await readAll(answer.body)).toEqual(utf8('c'));
    expect(await answer.trailers()).toEqual([['t', 'v']]);
    expect(await opened.exportSecret('label', 32)).toEqual(await sealed.exportSecret('label', 32));
  }
});

test('a cut over WebCrypto', async () => {
  const key = await createReceiverKey();
  const sealed = await sealRequest(parseKeyConfig(key.config), { head: HEAD, body: streamOf(utf8('a')) });
  const pieces = await readPieces(sealed.body);
  const opened = await createReceiver([key]).openRequest(streamOf(...pieces.slice(0, -1)));
  expect(await codeOf(readAll(opened.body))).toBe('ERR_CHANNEL_TRUNCATED');
});

test('ChaCha20-Poly1305 is a typed refusal over WebCrypto', async () => {
  const suites = [{ kdf: 1, aead: 3 }];
  expect(await codeOf(createReceiverKey({ suites }))).toBe('ERR_CHANNEL_AEAD_UNSUPPORTED');
  const config = { ...parseKeyConfig((await createReceiverKey()).config), suites };
  expect(await codeOf(sealRequest(config, { head: HEAD }))).toBe('ERR_CHANNEL_AEAD_UNSUPPORTED');
  expect(await codeOf(sealRequest(config, { head: HEAD }, { suite: { kdf: 1, aead: 3 } }))).toBe(
    'ERR_CHANNEL_AEAD_UNSUPPORTED',
  );
});
