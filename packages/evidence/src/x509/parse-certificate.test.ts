import { X509Certificate } from 'node:crypto';
import { isCloisterError, toHex } from '@cloister/core';
import { describe, expect, test } from 'vitest';
import { firstCertificate, flipBit, loadBytes, loadPhalaV4 } from '../../../../test/evidence/load-vectors.ts';
import { INTEL_SGX_ROOT } from '../trust-roots.ts';
import { parseCertificate } from './parse-certificate.ts';
import { parsePemChain } from './parse-pem-chain.ts';
import { parseRevocationList } from './parse-revocation-list.ts';
import { areValidAt, verifyCertificateChain } from './verify-certificate-chain.ts';

const { collateral } = loadPhalaV4();
const signer = firstCertificate(collateral.tcb_info_issuer_chain);
const list = Uint8Array.from(Buffer.from(collateral.pck_crl, 'hex'));

function outcome(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return isCloisterError(error) ? error.code : error;
  }
}

describe('certificates', () => {
  test('the pinned root is the published one', () => {
    expect(INTEL_SGX_ROOT).toEqual(loadBytes('intel-sgx-root-ca.der'));
  });

  test.each([
    ['root', INTEL_SGX_ROOT],
    ['TCB signer', signer],
  ])('agrees with another parser about the %s', (_, raw) => {
    const ours = parseCertificate(raw);
    const theirs = new X509Certificate(raw);
    expect(ours.serial.toUpperCase().replace(/^00/, '')).toBe(theirs.serialNumber);
    expect(ours.isAuthority).toBe(theirs.ca);
    expect(ours.notBefore).toBe(Date.parse(theirs.validFrom));
    expect(ours.notAfter).toBe(Date.parse(theirs.validTo));
    expect(theirs.subject).toContain(ours.subject.commonName);
    expect(toHex(theirs.publicKey.export({ format: 'der', type: 'spki' }))).toContain(toHex(ours.publicKey));
  });

  test('a cut at any byte is refused', () => {
    for (let length = 0; length < signer.length; length++) {
      expect(outcome(() => parseCertificate(signer.subarray(0, length)))).toBe('ERR_EVIDENCE_DER_MALFORMED');
    }
    expect(outcome(() => parseCertificate(Buffer.concat([signer, Buffer.alloc(1)])))).toBe(
      'ERR_EVIDENCE_DER_MALFORMED',
    );
  });

  test('a flip of any byte is refused by form or breaks the chain', async () => {
    const root = parseCertificate(INTEL_SGX_ROOT);
    for (let offset = 0; offset < signer.length; offset++) {
      const parsed = outcome(() => parseCertificate(flipBit(signer, offset)));
      const isRefused =
        typeof parsed === 'string'
          ? parsed === 'ERR_EVIDENCE_DER_MALFORMED'
          : !(await verifyCertificateChain([parsed as typeof root, root], 'end-entity'));
      expect(isRefused, `offset ${offset}`).toBe(true);
    }
  });
});

describe('chains', () => {
  const chain = parsePemChain(collateral.tcb_info_issuer_chain);
  const authorities = parsePemChain(collateral.pck_crl_issuer_chain);

  test('hold in order and for their use only', async () => {
    expect(await verifyCertificateChain(chain, 'end-entity')).toBe(true);
    expect(await verifyCertificateChain(authorities, 'authority')).toBe(true);
    expect(await verifyCertificateChain(authorities, 'end-entity')).toBe(false);
    expect(await verifyCertificateChain(chain, 'authority')).toBe(false);
    expect(await verifyCertificateChain(chain.toReversed(), 'authority')).toBe(false);
    expect(await verifyCertificateChain(chain.slice(0, 1), 'end-entity')).toBe(false);
  });

  test('are valid from the first to the last second', () => {
    const [first] = chain;
    expect(first).toBeDefined();
    if (first === undefined) return;
    expect(areValidAt([first], first.notBefore)).toBe(true);
    expect(areValidAt([first], first.notAfter)).toBe(true);
    expect(areValidAt([first], first.notBefore - 1)).toBe(false);
    expect(areValidAt([first], first.notAfter + 1)).toBe(false);
  });

  test.each([
    ['nothing', ''],
    ['text before', `x${collateral.tcb_info_issuer_chain}`],
    ['text after', `${collateral.tcb_info_issuer_chain}x`],
    ['text between', collateral.tcb_info_issuer_chain.replace('-----\n-----', '-----\nx\n-----')],
    ['an unfinished block', collateral.tcb_info_issuer_chain.slice(0, 900)],
    ['six blocks', collateral.tcb_info_issuer_chain.repeat(3)],
    ['another label', collateral.tcb_info_issuer_chain.replaceAll('CERTIFICATE', 'X509 CRL')],
    ['one long line', collateral.tcb_info_issuer_chain.replaceAll(/(?<=[A-Za-z0-9])\n(?=[A-Za-z0-9])/g, '')],
  ])('refuse PEM with %s', (_, text) => {
    expect(outcome(() => parsePemChain(text))).toBe('ERR_EVIDENCE_CERTIFICATE_MALFORMED');
  });
});

describe('revocation lists', () => {
  test('hold the revoked serial numbers', () => {
    const parsed = parseRevocationList(list);
    expect(parsed.issuer.commonName).toBe('Intel SGX PCK Platform CA');
    expect(parsed.revoked.has('6fc34e5023e728923435d61aa4b83c618166ad35')).toBe(true);
    expect(new Date(parsed.nextUpdate).toISOString()).toBe('2025-07-19T10:00:35.000Z');
  });

  test('a cut at any byte is refused', () => {
    for (let length = 0; length < list.length; length += 7) {
      expect(outcome(() => parseRevocationList(list.subarray(0, length)))).toBe('ERR_EVIDENCE_DER_MALFORMED');
    }
  });
});
