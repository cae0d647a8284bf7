import { collateralOfTable, parseCertificateTable } from '@cloister/evidence/snp';
import { hostError } from '../errors.ts';

/**
 * What the host gave along with an extended report, DER: certificates in chain order, if all of them, and the revocation list.
 * @throws ERR_HOST_EVIDENCE_MALFORMED
 */
export function readCertificateTable(table: Uint8Array): ReturnType<typeof collateralOfTable> {
  if (table.length === 0) return {};
  try {
    return collateralOfTable(parseCertificateTable(table));
  } catch {
    throw hostError('ERR_HOST_EVIDENCE_MALFORMED', { subject: 'auxblob' });
  }
}
