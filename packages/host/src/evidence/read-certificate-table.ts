import { toHex } from '@cloister/core';
import { hostError } from '../errors.ts';

/** The certificates that verifiers need, in chain order, by the GUIDs of AMD's guest-hypervisor specification. */
const CHAIN = [
  '63da758de6644564adc5f4b93be8accd', // VCEK
  'a8074bc2a25a483eaae639c045a0b8a1', // VLEK
  '4ab7b379bbac4fe4a02f05aef327c782', // ASK or ASVK
  'c0b406a4a803495297433fb6014cd0ae', // ARK
];

const ENTRY_LENGTH = 24;

/**
 * Certificates of a SEV-SNP extended report: the key that signed the report, then its issuers, DER. Firmware writes the
 * GUIDs in either byte order. Entries of other kinds are left out.
 * @returns empty when the host gave none
 * @throws ERR_HOST_EVIDENCE_MALFORMED
 */
export function readCertificateTable(table: Uint8Array): readonly Uint8Array[] {
  const found = new Map<string, Uint8Array>();
  const view = new DataView(table.buffer, table.byteOffset, table.length);
  for (let at = 0; at + ENTRY_LENGTH <= table.length; at += ENTRY_LENGTH) {
    const guid = table.subarray(at, at + 16);
    if (guid.every((byte) => byte === 0)) break;
    const [offset, length] = [view.getUint32(at + 16, true), view.getUint32(at + 20, true)];
    if (offset + length > table.length) throw hostError('ERR_HOST_EVIDENCE_MALFORMED', { subject: 'auxblob' });
    for (const name of [toHex(guid), toHex(swapped(guid))]) found.set(name, table.slice(offset, offset + length));
  }
  return CHAIN.flatMap((guid) => found.get(guid) ?? []);
}

function swapped(guid: Uint8Array): Uint8Array {
  return Uint8Array.of(
    ...[...guid.subarray(0, 4)].toReversed(),
    ...[...guid.subarray(4, 6)].toReversed(),
    ...[...guid.subarray(6, 8)].toReversed(),
    ...guid.subarray(8),
  );
}
