import { concat, fromHex, toHex } from '@cloister/core';
import { describe, expect, test } from 'vitest';
import { readAll, readRows, streamOf } from '../../test/support.ts';
import { createReceiver, parseKeyConfigList } from '../index.ts';
import type { KeyConfig } from '../index.ts';
import { importReceiverKey, openChunkedRequest, openWholeRequest } from './index.ts';

interface Fixture {
  readonly oracle: string;
  readonly kem: string;
  readonly aead: number;
  readonly chunked: boolean;
  readonly split: number | null;
  readonly sk: string;
  readonly keys: string;
  readonly plaintext: string;
  readonly encapsulated: string;
}

const rows = readRows<Partial<Fixture> & { id?: string; hex?: string }>('ohttp-fixtures.jsonl');
const named = new Map(rows.map(({ id, hex }) => [id, fromHex(hex ?? '')]));
const fixtures = rows.filter((row): row is Fixture => row.oracle !== undefined);
const label = ({ oracle, kem, aead, chunked, split }: Fixture): string =>
  `${oracle} ${kem} aead ${aead} ${chunked ? `chunked by ${split}` : 'whole'}`;
const keyConfig = ({ keys }: Fixture): KeyConfig => parseKeyConfigList(named.get(keys) ?? fromHex(''))[0] as KeyConfig;

describe('requests that third parties sealed', () => {
  test('every suite is there', () => {
    expect(new Set(fixtures.map(({ kem, aead }) => `${kem} ${aead}`)).size).toBe(9);
    expect(fixtures.length).toBe(45);
  });

  test.each(fixtures.map((row) => [label(row), row] as const))('%s', async (_label, row) => {
    const key = await importReceiverKey(keyConfig(row), fromHex(row.sk));
    const encapsulated = fromHex(row.encapsulated);
    const expected = toHex(named.get(row.plaintext) ?? fromHex(''));
    if (!row.chunked) {
      expect(toHex((await openWholeRequest([key], encapsulated)).message)).toBe(expected);
      return;
    }
    expect(toHex(concat(...(await openChunkedRequest([key], encapsulated)).chunks))).toBe(expected);
    const opened = await createReceiver([key]).openRequest(streamOf(encapsulated));
    expect(opened.head).toMatchObject({ method: 'POST', authority: 'enclave.test' });
    expect((await readAll(opened.body)).length).toBe(243);
    expect(await opened.trailers()).toEqual([['x-t', 'end']]);
  });
});
