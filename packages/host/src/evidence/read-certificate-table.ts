import { chainOfTable, parseCertificateTable } from '@cloister/evidence/snp';
import { hostError } from '../errors.ts';

/**
 * Certificates of an extended report in chain order, DER.
 * @returns `undefined` when the host gave none, or not all of them
 * @throws ERR_HOST_EVIDENCE_MALFORMED
 */
export function readCertificateTable(table: Uint8Array): readonly Uint8Array[] | undefined {
  if (table.length === 0) return undefined;
  try {
    return chainOfTable(parseCertificateTable(table));
  } catch {
    throw hostError('ERR_HOST_EVIDENCE_MALFORMED', { subject: 'auxblob' });
  }
}
