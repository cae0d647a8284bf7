import { concat } from '@cloister/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cut, HEAD, readAll, readPieces, streamOf } from '../../test/support.ts';
import { createReceiver, createReceiverKey, parseKeyConfig, sealRequest } from '../index.ts';

const pieces = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 });
const size = fc.integer({ min: 1, max: 400 });

test('any body in any pieces arrives whole, however the network cuts it', async () => {
  const key = await createReceiverKey();
  const receiver = createReceiver([key]);
  await fc.assert(
    fc.asyncProperty(pieces, pieces, size, size, fc.constantFrom(1, 2, 3), async (up, down, upSize, downSize, aead) => {
      const sealed = await sealRequest(
        parseKeyConfig(key.config),
        { head: HEAD, body: streamOf(...up), trailers: () => [['t', 'up']] },
        { suite: { kdf: 1, aead }, padding: upSize },
      );
      const wire = concat(...(await readPieces(sealed.body)));
      const opened = await receiver.openRequest(streamOf(...cut(wire, upSize)));
      expect(opened.head).toEqual(HEAD);
      expect(await readAll(opened.body)).toEqual(concat(...up));
      expect(await opened.trailers()).toEqual([['t', 'up']]);
      const head = { status: 200, headers: [['a', 'b']] } as const;
      const back = await readAll(opened.sealResponse({ head, body: concat(...down), padding: downSize }));
      const answer = await sealed.openResponse(streamOf(...cut(back, downSize)));
      expect(answer.head).toEqual(head);
      expect(await readAll(answer.body)).toEqual(concat(...down));
    }),
    { numRuns: 60 },
  );
});

test('large bodies and heads are cut into chunks of at most 16,384 bytes', async () => {
  const key = await createReceiverKey();
  const body = new Uint8Array(100_003).map((_, index) => index % 251);
  const headers = Array.from({ length: 25 }, (_, index) => [`x-${index}`, 'v'.repeat(1000)] as const);
  for (const given of [body, streamOf(body)]) {
    const sealed = await sealRequest(parseKeyConfig(key.config), { head: { ...HEAD, headers }, body: given });
    const wire = await readPieces(sealed.body);
    for (const piece of wire) expect(piece.length).toBeLessThanOrEqual(16_384 + 16 + 4 + 39);
    const opened = await createReceiver([key]).openRequest(streamOf(...wire));
    expect(opened.head.headers).toEqual(headers);
    expect(await readAll(opened.body)).toEqual(body);
  }
});
