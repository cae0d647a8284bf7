import { toHex } from '@cloister/core';
import { snpError } from './errors.ts';

const ENTRY = 24;
const MAX_TABLE = 64 * 1024;
const MAX_ENTRIES = 16;

/** GUIDs of the guest-host communication block standard. */
const NAMES: ReadonlyMap<string, keyof CertificateTable> = new Map([
  ['63da758de6644564adc5f4b93be8accd', 'vcek'],
  ['a8074bc2a25a483eaae639c045a0b8a1', 'vlek'],
  ['4ab7b379bbac4fe4a02f05aef327c782', 'intermediate'],
  ['c0b406a4a803495297433fb6014cd0ae', 'ark'],
  ['92f81bc358114d3d97ffd19f88dc67ea', 'crl'],
]);

/** The certificates that a host sends along with an extended report, DER. Nothing in it is trusted before verification. */
export interface CertificateTable {
  readonly vcek?: Uint8Array;
  readonly vlek?: Uint8Array;
  /** ASK or ASVK. */
  readonly intermediate?: Uint8Array;
  readonly ark?: Uint8Array;
  readonly crl?: Uint8Array;
}

/** Tools write a GUID either as its text reads or with its first three fields little-endian; no two of ours get mixed up. */
function nameEntry(guid: Uint8Array): keyof CertificateTable | undefined {
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  return NAMES.get(toHex(guid)) ?? NAMES.get(toHex(Uint8Array.from(order, (index) => guid[index] ?? 0)));
}

/**
 * Parses the certificate table of an extended report (GHCB specification, SNP extended guest request): entries of GUID,
 * offset and length up to one of zeros. Entries of unknown GUIDs are left aside.
 * @throws CloisterError ERR_EVIDENCE_SNP_TABLE_MALFORMED on ranges outside of the table or inside its head, entries that occur
 *   twice, a missing end, more than 16 entries or 64 KiB
 */
export function parseCertificateTable(bytes: Uint8Array): CertificateTable {
  const refuse = (): Error => snpError('ERR_EVIDENCE_SNP_TABLE_MALFORMED');
  if (bytes.length > MAX_TABLE) throw refuse();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ranges: (readonly [name: keyof CertificateTable | undefined, offset: number, length: number])[] = [];
  for (let start = 0; ; start += ENTRY) {
    if (start + ENTRY > bytes.length || ranges.length > MAX_ENTRIES) throw refuse();
    const entry = bytes.subarray(start, start + ENTRY);
    if (entry.every((byte) => byte === 0)) break;
    ranges.push([nameEntry(entry.subarray(0, 16)), view.getUint32(start + 16, true), view.getUint32(start + 20, true)]);
  }
  const head = (ranges.length + 1) * ENTRY;
  const table: Partial<Record<keyof CertificateTable, Uint8Array>> = {};
  for (const [name, offset, length] of ranges) {
    if (offset < head || length === 0 || offset + length > bytes.length) throw refuse();
    if (name !== undefined && table[name] !== undefined) throw refuse();
    if (name !== undefined) table[name] = bytes.subarray(offset, offset + length);
  }
  return table;
}

/** What a table holds in the form that `verifySnpReport` takes it: the chain, if all of it is there, and the list. */
export function collateralOfTable({ vcek, vlek, intermediate, ark, crl }: CertificateTable): {
  readonly certs?: readonly Uint8Array[];
  readonly crls?: readonly Uint8Array[];
} {
  const vek = vcek ?? vlek;
  return {
    ...(vek && intermediate && ark ? { certs: [vek, intermediate, ark] } : {}),
    ...(crl === undefined ? {} : { crls: [crl] }),
  };
}
