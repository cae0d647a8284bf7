import { Buffer } from 'node:buffer';
import { constants, createPublicKey, type KeyObject, verify, X509Certificate } from 'node:crypto';
import { parseSnpReport, verifySnpReport } from '@cloister/evidence/snp';
import { loadList, loadSnp } from '../test/evidence/load-snp.ts';
import { publicKeyOf, signedBy } from './evidence/bare-signatures.ts';
import { interleave } from './evidence/interleave.ts';
import type { Row } from './report.ts';

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 };
const LENGTHS = { warmUp: 30, rounds: 300 };

const genuine = loadSnp('attrs-genoa-v5');
const list = loadList('genoa');

function readKey(spki: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
}

/** The four signatures that a report needs, each key read once: authority and list by the root, chip by the authority, report. */
function createBare(): () => void {
  const { report, certs } = genuine;
  const [vek, authority, root] = certs.map((der) => new X509Certificate(der));
  if (!vek || !authority || !root) throw new Error('the chain is cut');
  const byRoot = [signedBy(root, certs[1]), signedBy(root, list)];
  const byAuthority = [signedBy(authority, certs[0])];
  const { signed, signature } = parseSnpReport(report);
  const [rootKey, authorityKey, chipKey] = [root, authority, vek].map(publicKeyOf);
  if (!rootKey || !authorityKey || !chipKey) throw new Error('the chain is cut');
  return () => {
    for (const [spki, links] of [
      [rootKey, byRoot],
      [authorityKey, byAuthority],
    ] as const) {
      const key = readKey(spki);
      for (const link of links)
        if (!verify('sha384', link.message, { key, ...PSS }, link.signature)) throw new Error('a link does not hold');
    }
    if (!verify('sha384', signed, { key: readKey(chipKey), dsaEncoding: 'ieee-p1363' }, signature))
      throw new Error('the report does not hold');
  };
}

/** SEV-SNP: all checks of a report without memory, against the bare signatures that it needs; milliseconds, median. */
export async function measureSnpRows(): Promise<readonly Row[]> {
  const { report, certs, at: now } = genuine;
  const median = await interleave(
    { bare: createBare(), cold: () => verifySnpReport(report, { now, certs, crls: [list] }) },
    LENGTHS,
  );
  const [value, baseline] = [median('cold'), median('bare')];
  return [
    {
      name: 'SNP cold, all checks, p50 (against its bare signatures)',
      value,
      unit: 'ms',
      baseline,
      ratio: value / baseline,
    },
  ];
}
