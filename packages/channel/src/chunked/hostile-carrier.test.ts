import { concat, utf8 } from '@cloister/core';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { codeOf, HEAD, readAll, readPieces, streamOf } from '../../test/support.ts';
import { createReceiver, createReceiverKey, parseKeyConfig, sealRequest } from '../index.ts';
import type { ReceiverKey } from '../index.ts';

/** Tries of each kind; `CLOISTER_TRIES=10000` runs the long lane. */
const TRIES = Number(process.env['CLOISTER_TRIES'] ?? 100);
const CHUNKS = 12;

let key: ReceiverKey;
let other: ReceiverKey;
beforeAll(async () => {
  key = await createReceiverKey({ keyId: 1 });
  other = await createReceiverKey({ keyId: 2 });
});

const contents = (mark: string): Uint8Array[] => Array.from({ length: CHUNKS }, (_, at) => utf8(`${mark}${at} `));

/** An exchange up to its sealed response, in the pieces in which it leaves: [nonce + head, chunks, final]. */
async function respond(mark: string): Promise<{
  readonly request: Uint8Array[];
  readonly response: Uint8Array[];
  readonly open: (pieces: readonly Uint8Array[]) => Promise<Uint8Array>;
}> {
  const sealed = await sealRequest(parseKeyConfig(key.config), { head: HEAD, body: streamOf(...contents(mark)) });
  const request = await readPieces(sealed.body);
  const opened = await createReceiver([key]).openRequest(streamOf(...request));
  await readAll(opened.body);
  const head = { status: 200, headers: [] };
  const response = await readPieces(opened.sealResponse({ head, body: streamOf(...contents(mark)) }));
  return { request, response, open: async (pieces) => readAll((await sealed.openResponse(streamOf(...pieces))).body) };
}

async function openRequest(pieces: readonly Uint8Array[], keys: readonly ReceiverKey[] = [key]): Promise<Uint8Array> {
  return readAll((await createReceiver(keys).openRequest(streamOf(...pieces))).body);
}

/** What a carrier may do to a list of chunks; the first piece stays, since its header is another test's matter. */
type Attack = (pieces: readonly Uint8Array[], one: number, two: number) => Uint8Array[];

const ATTACKS: Readonly<Record<string, Attack>> = {
  reordered: (pieces, one, two) => {
    const moved = [...pieces];
    [moved[one], moved[two]] = [pieces[two] as Uint8Array, pieces[one] as Uint8Array];
    return moved;
  },
  duplicated: (pieces, one, two) => pieces.toSpliced(two, 0, pieces[one] as Uint8Array),
  dropped: (pieces, one) => pieces.toSpliced(one, 1),
};

// Two different chunks, neither of them the first piece. Equal bytes never change places: every chunk has its own nonce.
const places = fc
  .tuple(fc.integer({ min: 1, max: CHUNKS + 1 }), fc.integer({ min: 1, max: CHUNKS + 1 }))
  .filter(([one, two]) => one !== two);

describe('a carrier that changes an exchange is found out', () => {
  test.each(Object.entries(ATTACKS))('%s chunks, both directions', async (_name, attack) => {
    await fc.assert(
      fc.asyncProperty(places, async ([one, two]) => {
        const { request, response, open } = await respond('a');
        expect(request.length).toBe(CHUNKS + 2);
        expect(await codeOf(openRequest(attack(request, one, two)))).toMatch(/^ERR_CHANNEL_/);
        expect(await codeOf(open(attack(response, one, two)))).toMatch(/^ERR_CHANNEL_/);
      }),
      { numRuns: TRIES },
    );
  });

  test('responses of two exchanges, swapped whole or from some chunk on', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: CHUNKS + 1 }), async (from) => {
        const [one, two] = [await respond('a'), await respond('b')];
        const spliced = [...one.response.slice(0, from), ...two.response.slice(from)];
        expect(await codeOf(one.open(spliced))).toMatch(/^ERR_CHANNEL_/);
      }),
      { numRuns: TRIES },
    );
  });

  test('a wrong key id opens nothing', async () => {
    const { request } = await respond('a');
    const wire = concat(...request);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 255 }), async (id) => {
        fc.pre(id !== 1);
        const renamed = concat(Uint8Array.of(id), wire.subarray(1));
        expect(await codeOf(openRequest([renamed], [key, other]))).toMatch(
          /^ERR_CHANNEL_(KEY_UNKNOWN|DECRYPT_FAILED)$/,
        );
      }),
      { numRuns: TRIES },
    );
  });

  test('control: untouched pieces open', async () => {
    const { request, response, open } = await respond('a');
    expect(await openRequest(request)).toEqual(concat(...contents('a')));
    expect(await open(response)).toEqual(concat(...contents('a')));
  });
});
