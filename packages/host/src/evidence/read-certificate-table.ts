import { chainOfTable, parseCertificateTable } from '@cloister/evidence/snp';
import { hostError } from '../errors.ts';

/**
 * What the host gave along with an extended report, DER: certificates in chain order, if all of them, and the revocation list.
 * @throws ERR_HOST_EVIDENCE_MALFORMED
 */
export function readCertificateTable(bytes: Uint8Array): {
  readonly certs?: readonly Uint8Array[];
  readonly crls?: readonly Uint8Array[];
} {
  if (bytes.length === 0) return {};
  try {
    const table = parseCertificateTable(bytes);
    const certs = chainOfTable(table);
    return {
      ...(certs === undefined ? {} : { certs }),
      ...(table.crl === undefined ? {} : { crls: [table.crl] }),
    };
  } catch {
    throw hostError('ERR_HOST_EVIDENCE_MALFORMED', { subject: 'auxblob' });
  }
}
