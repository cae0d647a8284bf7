import { concat } from '@cloister/core';
import { describe, expect, test } from 'vitest';
import { loadList, loadSnp } from '../../../../test/evidence/load-snp.ts';
import { collateralOfTable, parseCertificateTable } from './parse-certificate-table.ts';
import { verifySnpReport } from './verify-snp-report.ts';

// As GHCB writes them: in the order of the text.
const GUIDS = {
  vcek: '63da758d-e664-4564-adc5-f4b93be8accd',
  vlek: 'a8074bc2-a25a-483e-aae6-39c045a0b8a1',
  intermediate: '4ab7b379-bbac-4fe4-a02f-05aef327c782',
  ark: 'c0b406a4-a803-4952-9743-3fb6014cd0ae',
  crl: '92f81bc3-5811-4d3d-97ff-d19f88dc67ea',
  other: 'ecae0c0f-9502-43b1-afa2-0ae2e0d565b6',
} as const;
const ENTRY = 24;

type Item = readonly [name: keyof typeof GUIDS, bytes: Uint8Array];
type Range = readonly [offset: number, length: number];

/** `order` swaps the bytes of the first three fields, as some tools do; `ranges` replaces the right ones. */
function encode(items: readonly Item[], order: 'text' | 'swapped' = 'text', ranges?: readonly Range[]): Uint8Array {
  let offset = (items.length + 1) * ENTRY;
  const entries = items.map(([name, bytes], index) => {
    const guid = Buffer.from(GUIDS[name].replaceAll('-', ''), 'hex');
    if (order === 'swapped')
      for (const [start, end] of [
        [0, 4],
        [4, 6],
        [6, 8],
      ] as const)
        guid.subarray(start, end).reverse();
    const [at, length] = ranges?.[index] ?? [offset, bytes.length];
    const numbers = Buffer.alloc(8);
    numbers.writeUInt32LE(at, 0);
    numbers.writeUInt32LE(length, 4);
    offset += bytes.length;
    return concat(guid, numbers);
  });
  return concat(...entries, new Uint8Array(ENTRY), ...items.map(([, bytes]) => bytes));
}

const { report, certs, at } = loadSnp('attrs-genoa-v5');
const [vek, authority, root] = certs;
const chain: readonly Item[] = [
  ['vcek', vek],
  ['intermediate', authority],
  ['ark', root],
];

describe('a table', () => {
  test.each(['text', 'swapped'] as const)('with GUIDs in %s order holds what verifies a report', async (order) => {
    const table = parseCertificateTable(encode([['other', root], ...chain, ['crl', loadList('genoa')]], order));
    const verdict = await verifySnpReport(report, { now: at, ...collateralOfTable(table) });
    expect(verdict).toMatchObject({ line: 'Genoa', signer: 'vcek', simulated: false });
  });

  test('ends at the entry of zeros, whatever follows', () => {
    const bytes = concat(encode(chain), new Uint8Array(4000).fill(0xff));
    expect(collateralOfTable(parseCertificateTable(bytes))).toEqual({ certs });
    expect(parseCertificateTable(new Uint8Array(ENTRY))).toEqual({});
  });

  test('without a part has no chain', () => {
    for (let left = 0; left < 3; left++)
      expect(collateralOfTable(parseCertificateTable(encode(chain.filter((_, index) => index !== left))))).toEqual({});
  });

  const one: readonly Item[] = [['vcek', Uint8Array.of(1, 2, 3)]];
  test.each([
    ['nothing', new Uint8Array(0)],
    ['no end', encode(one).subarray(0, ENTRY)],
    ['a range in its head', encode(one, 'text', [[0, 3]])],
    ['a range that ends outside', encode(one, 'text', [[48, 4]])],
    ['a range that begins outside', encode(one, 'text', [[52, 1]])],
    ['a range without length', encode(one, 'text', [[48, 0]])],
    ['a length that would wrap', encode(one, 'text', [[48, 0xffff_ffff]])],
    ['an entry twice', encode([...one, ...one])],
    ['17 entries', encode(Array.from({ length: 17 }, (): Item => ['other', Uint8Array.of(1)]))],
    ['more than 64 KiB', concat(encode(one), new Uint8Array(65_536))],
  ])('with %s is refused', (_, bytes) => {
    expect(() => parseCertificateTable(bytes)).toThrow(
      expect.objectContaining({ code: 'ERR_EVIDENCE_SNP_TABLE_MALFORMED' }),
    );
  });
});
