import { TDX_CHECK_IDS } from './checks.ts';
import { isCloisterError, type TdxCollateral } from '@cloister/core';
import { describe, expect, test } from 'vitest';
import {
  flipBit,
  type GenuineEvidence,
  loadGoogleV5,
  loadPhalaV4,
  loadTrusteeDebug,
} from '../../../../test/evidence/load-vectors.ts';
import { AppraisalError, INTEL_SGX_ROOT, verifyTdxQuote, type VerifyTdxQuoteOptions } from './index.ts';

const phala = loadPhalaV4();
const debug = loadTrusteeDebug();
const v5 = loadGoogleV5();

async function codeOf(evidence: GenuineEvidence, changes: Partial<VerifyTdxQuoteOptions> = {}): Promise<string> {
  return verifyTdxQuote(evidence.quote, { now: evidence.at, collateral: evidence.collateral, ...changes }).then(
    () => 'accept',
    (error: unknown) => (isCloisterError(error) ? error.code : 'foreign error'),
  );
}

function withCollateral(changes: Partial<TdxCollateral>): Promise<string> {
  return codeOf({ ...phala, collateral: { ...phala.collateral, ...changes } });
}

const { collateral } = phala;

describe('genuine evidence', () => {
  test('of an up-to-date platform is accepted under the production root, with every check named', async () => {
    const verdict = await verifyTdxQuote(phala.quote, { now: phala.at, collateral });
    expect(verdict).toMatchObject({ tcbStatus: 'UpToDate', advisories: [], simulated: false });
    expect(new Date(verdict.expiresAt).toISOString()).toBe('2025-07-19T10:00:35.000Z');
    const own = verdict.checks.slice(0, TDX_CHECK_IDS.length);
    expect(own.filter(({ result }) => result === 'skip').map(({ id }) => id)).toEqual([
      'collateral.evaluation-number',
      'tcb.current',
      'tcb.advisories',
      'td.service',
    ]);
    expect(verdict.checks.filter(({ result }) => result === 'pass')).toHaveLength(35);
  });

  test('of version 5 is accepted, its service guest checked', async () => {
    const { checks } = await verifyTdxQuote(v5.quote, { now: v5.at, collateral: v5.collateral });
    expect(checks.find(({ id }) => id === 'td.service')?.result).toBe('pass');
  });

  test('in debug mode fails that check and no other', async () => {
    const error: unknown = await verifyTdxQuote(debug.quote, { now: debug.at, collateral: debug.collateral }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(AppraisalError);
    const { code, checks } = error as AppraisalError;
    expect(code).toBe('ERR_EVIDENCE_TD_DEBUG');
    expect(checks.filter(({ result }) => result === 'fail').map(({ id }) => id)).toEqual(['td.debug']);
  });

  test('in debug mode is only reported when cryptography alone is judged', async () => {
    const verdict = await verifyTdxQuote(debug.quote, {
      now: debug.at,
      collateral: debug.collateral,
      mode: 'cryptography',
    });
    expect(verdict.tcbStatus).toBe('UpToDate');
    expect(verdict.checks.find(({ id }) => id === 'td.debug')?.result).toBe('skip');
  });
});

describe('time', () => {
  test.each([
    ['last second of the first list to expire', '2025-07-19T10:00:35Z', 'accept'],
    ['one second later', '2025-07-19T10:00:36Z', 'ERR_EVIDENCE_CRL_EXPIRED'],
    ['issue date of the last document', '2025-06-19T10:32:27Z', 'accept'],
    ['one second earlier', '2025-06-19T10:32:26Z', 'ERR_EVIDENCE_COLLATERAL_EXPIRED'],
    ['after all certificates', '2060-01-01T00:00:00Z', 'ERR_EVIDENCE_CERTIFICATE_EXPIRED'],
    ['the epoch', '1970-01-01T00:00:00Z', 'ERR_EVIDENCE_CERTIFICATE_EXPIRED'],
  ])('%s', async (_, at, expected) => {
    expect(await codeOf(phala, { now: Date.parse(at) })).toBe(expected);
  });

  test('a time that is not a number accepts nothing', async () => {
    expect(await codeOf(phala, { now: Number.NaN })).toBe('ERR_EVIDENCE_CERTIFICATE_EXPIRED');
  });
});

describe('revocation fails closed', () => {
  const flipped = (hex: string, offset: number): string =>
    Buffer.from(flipBit(Buffer.from(hex, 'hex'), offset)).toString('hex');
  test.each([
    ['an empty PCK list', { pck_crl: '' }, 'ERR_EVIDENCE_CRL_MALFORMED'],
    ['an empty root list', { root_ca_crl: '' }, 'ERR_EVIDENCE_CRL_MALFORMED'],
    ['garbage', { pck_crl: 'deadbeef' }, 'ERR_EVIDENCE_CRL_MALFORMED'],
    ['the root list in its place', { pck_crl: collateral.root_ca_crl }, 'ERR_EVIDENCE_CRL_INVALID'],
    ['the PCK list for the root', { root_ca_crl: collateral.pck_crl }, 'ERR_EVIDENCE_CRL_INVALID'],
    ['another signature', { pck_crl: flipped(collateral.pck_crl, 2655) }, 'ERR_EVIDENCE_CRL_INVALID'],
    ['another date', { pck_crl: flipped(collateral.pck_crl, 144) }, 'ERR_EVIDENCE_CRL_INVALID'],
  ])('%s', async (_, changes, expected) => {
    expect(await withCollateral(changes)).toBe(expected);
  });

  test('no collateral at all', async () => {
    expect(await codeOf(phala, { collateral: undefined })).toBe('ERR_EVIDENCE_COLLATERAL_MISSING');
    expect(await codeOf(phala, { collateral: undefined, mode: 'cryptography' })).toBe('accept');
  });
});

describe('splices', () => {
  test.each([
    ['debug', debug.collateral],
    ['version 5', v5.collateral],
  ])('collateral of the %s vector', async (_, other) => {
    expect(await codeOf({ ...phala, collateral: other })).not.toBe('accept');
    expect(await codeOf({ ...phala, collateral: other }, { now: debug.at })).not.toBe('accept');
  });

  test.each([
    'tcb_info',
    'tcb_info_signature',
    'qe_identity',
    'qe_identity_signature',
    'pck_crl',
    'root_ca_crl',
  ] as const)('%s of other genuine collateral', async (member) => {
    expect(await withCollateral({ [member]: v5.collateral[member] })).not.toBe('accept');
  });

  test('TCB info and QE identity swapped', async () => {
    const swapped = { tcb_info: collateral.qe_identity, tcb_info_signature: collateral.qe_identity_signature };
    expect(await withCollateral(swapped)).toBe('ERR_EVIDENCE_COLLATERAL_MALFORMED');
  });

  test('the chain of a PCK CA as TCB signer', async () => {
    expect(await withCollateral({ tcb_info_issuer_chain: collateral.pck_crl_issuer_chain })).toBe(
      'ERR_EVIDENCE_CHAIN_INVALID',
    );
  });
});

describe('policy', () => {
  test('a floor above the collateral refuses', async () => {
    expect(await codeOf(phala, { minimumEvaluationNumber: 17 })).toBe('accept');
    expect(await codeOf(phala, { minimumEvaluationNumber: 18 })).toBe('ERR_EVIDENCE_COLLATERAL_TOO_OLD');
  });

  test('a status that is not accepted refuses', async () => {
    expect(await codeOf(phala, { acceptedTcb: ['SWHardeningNeeded'] })).toBe('ERR_EVIDENCE_TCB_NOT_ACCEPTED');
  });

  test('no root, no trust; other roots say simulated', async () => {
    expect(await codeOf(phala, { roots: { intel: [], simulated: true } })).toBe('ERR_EVIDENCE_ROOT_UNTRUSTED');
    const roots = { intel: [INTEL_SGX_ROOT], simulated: true };
    expect(await verifyTdxQuote(phala.quote, { now: phala.at, collateral, roots })).toMatchObject({ simulated: true });
  });
});
