import { utf8 } from '@cloister/core';
import { expect, test, vi } from 'vitest';
import { codeOf, HEAD, readAll, readPieces, streamOf } from '../../test/support.ts';
import { createReceiver, createReceiverKey, KEM, parseKeyConfig, sealRequest } from '../index.ts';

// The same package as a browser gets it: `#platform` resolves to the WebCrypto variant.
vi.mock('#platform', () => import('./portable/index.ts'));

test.each(Object.entries(KEM))('a whole exchange over WebCrypto: %s', async (_name, kem) => {
  const key = await createReceiverKey({ kem });
  const config = parseKeyConfig(key.config);
  expect(config.suites.map(({ aead }) => aead)).toEqual([2, 1, 3]);
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
