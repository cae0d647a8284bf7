import { type SimulatedTeeOptions, TEE_FAULTS, type TeeFault } from '@cloister/simulator/tee';
import { describe, expect, test } from 'vitest';
import { createSimulatedEvidence, NOW } from '../../../../test/evidence/simulated-bundle.ts';
import { AppraisalError } from '../check.ts';
import type { CheckId, EvidenceErrorCode } from '../codes.ts';
import { TDX_CHECK_IDS } from './checks.ts';
import { type AcceptableTcbStatus, TCB_STATUSES } from './tcb-status.ts';
import { verifyTdxQuote } from './verify-tdx-quote.ts';

/** The check that decides about each fault, and its code. */
const EXPECTED: Readonly<Record<TeeFault, readonly [CheckId, EvidenceErrorCode]>> = {
  debug: ['td.debug', 'ERR_EVIDENCE_TD_DEBUG'],
  migratable: ['td.attributes', 'ERR_EVIDENCE_TD_ATTRIBUTES'],
  'qe-debug': ['qe.debug', 'ERR_EVIDENCE_QE_DEBUG'],
  'qe-not-vendor': ['qe.identity', 'ERR_EVIDENCE_QE_IDENTITY_MISMATCH'],
  'qe-out-of-date': ['tcb.status', 'ERR_EVIDENCE_TCB_NOT_ACCEPTED'],
  'module-out-of-date': ['tcb.status', 'ERR_EVIDENCE_TCB_NOT_ACCEPTED'],
  'module-unknown': ['tcb.module', 'ERR_EVIDENCE_TCB_UNKNOWN'],
  'platform-out-of-date': ['tcb.status', 'ERR_EVIDENCE_TCB_NOT_ACCEPTED'],
  'platform-unknown': ['tcb.platform', 'ERR_EVIDENCE_TCB_UNKNOWN'],
  'attestation-key-foreign': ['attestation-key.binding', 'ERR_EVIDENCE_ATTESTATION_KEY_UNBOUND'],
  'quote-signature-foreign': ['quote.signature', 'ERR_EVIDENCE_QUOTE_SIGNATURE'],
  'pck-revoked': ['crl.revocation', 'ERR_EVIDENCE_CERTIFICATE_REVOKED'],
  'pck-expired': ['pck.validity', 'ERR_EVIDENCE_CERTIFICATE_EXPIRED'],
  'intermediate-revoked': ['crl.revocation', 'ERR_EVIDENCE_CERTIFICATE_REVOKED'],
  'tcb-signer-revoked': ['crl.revocation', 'ERR_EVIDENCE_CERTIFICATE_REVOKED'],
  'crl-expired': ['crl.root.validity', 'ERR_EVIDENCE_CRL_EXPIRED'],
  'crl-foreign': ['crl.pck.signature', 'ERR_EVIDENCE_CRL_INVALID'],
  'crl-missing': ['crl.pck.signature', 'ERR_EVIDENCE_CRL_MALFORMED'],
  'collateral-expired': ['tcb-info.validity', 'ERR_EVIDENCE_COLLATERAL_EXPIRED'],
  'collateral-foreign': ['tcb-info.signature', 'ERR_EVIDENCE_COLLATERAL_SIGNATURE'],
  'wrong-fmspc': ['tcb-info.platform', 'ERR_EVIDENCE_COLLATERAL_MISMATCH'],
  'wrong-pceid': ['tcb-info.platform', 'ERR_EVIDENCE_COLLATERAL_MISMATCH'],
  'sw-hardening-needed': ['tcb.status', 'ERR_EVIDENCE_TCB_NOT_ACCEPTED'],
  'configuration-needed': ['tcb.status', 'ERR_EVIDENCE_TCB_NOT_ACCEPTED'],
  'platform-revoked': ['tcb.status', 'ERR_EVIDENCE_TCB_NOT_ACCEPTED'],
  'module-revoked': ['tcb.status', 'ERR_EVIDENCE_TCB_NOT_ACCEPTED'],
  'module-foreign': ['tcb.module', 'ERR_EVIDENCE_MODULE_MISMATCH'],
  'qe-revoked': ['tcb.status', 'ERR_EVIDENCE_TCB_NOT_ACCEPTED'],
  'qe-unknown': ['tcb.qe', 'ERR_EVIDENCE_TCB_UNKNOWN'],
  'qe-vendor-foreign': ['quote.vendor', 'ERR_EVIDENCE_QE_VENDOR'],
  'qe-report-foreign': ['qe.signature', 'ERR_EVIDENCE_QE_SIGNATURE'],
  'qe-zero-half': ['attestation-key.binding', 'ERR_EVIDENCE_ATTESTATION_KEY_UNBOUND'],
  'relaunch-advised': ['tcb.status', 'ERR_EVIDENCE_TCB_NOT_ACCEPTED'],
  'current-module-unknown': ['tcb.current', 'ERR_EVIDENCE_TCB_UNKNOWN'],
  'service-guest-bound': ['td.service', 'ERR_EVIDENCE_TD_SERVICE'],
  'features-unknown': ['td.xfam', 'ERR_EVIDENCE_TD_ATTRIBUTES'],
  'pck-name-foreign': ['pck.chain', 'ERR_EVIDENCE_CHAIN_INVALID'],
  'pck-extension-missing': ['pck.extension', 'ERR_EVIDENCE_DER_MALFORMED'],
  'root-crl-foreign': ['crl.root.signature', 'ERR_EVIDENCE_CRL_INVALID'],
  'pck-crl-expired': ['crl.pck.validity', 'ERR_EVIDENCE_CRL_EXPIRED'],
  'crl-issuer-foreign': ['crl.pck.issuer', 'ERR_EVIDENCE_COLLATERAL_MISMATCH'],
  'tcb-signer-name-foreign': ['tcb-info.chain', 'ERR_EVIDENCE_CHAIN_INVALID'],
  'tcb-info-incomplete': ['tcb-info.format', 'ERR_EVIDENCE_COLLATERAL_MALFORMED'],
  'qe-identity-signer-name-foreign': ['qe-identity.chain', 'ERR_EVIDENCE_CHAIN_INVALID'],
  'qe-identity-foreign': ['qe-identity.signature', 'ERR_EVIDENCE_COLLATERAL_SIGNATURE'],
  'qe-identity-incomplete': ['qe-identity.format', 'ERR_EVIDENCE_COLLATERAL_MALFORMED'],
  'qe-identity-expired': ['qe-identity.validity', 'ERR_EVIDENCE_COLLATERAL_EXPIRED'],
  'event-log-altered': ['event-log.replay', 'ERR_EVIDENCE_EVENT_LOG_MISMATCH'],
};

const EVENTS = [
  { name: 'system-preparing', payload: new Uint8Array() },
  { name: 'compose-hash', payload: new Uint8Array(32).fill(7) },
];

async function verify(
  faults: readonly TeeFault[],
  options: object = {},
  simulation: SimulatedTeeOptions = { quoteFormat: 'v5-td15', events: EVENTS },
): ReturnType<typeof verifyTdxQuote> {
  const { tee, bundle } = await createSimulatedEvidence({ faults, ...simulation });
  if (bundle.cpu.tee !== 'tdx') throw new Error('the simulator speaks TDX');
  const { quote, eventLog } = bundle.cpu;
  return verifyTdxQuote(quote, { now: NOW, collateral: tee.collateral, roots: tee.roots, eventLog, ...options });
}

async function failureOf(attempt: Promise<unknown>): Promise<object | undefined> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AppraisalError);
  return (error as AppraisalError).checks.find(({ result }) => result === 'fail');
}

describe('a simulated platform', () => {
  test('without faults is accepted under its own roots and refused under the production root', async () => {
    expect(await verify([])).toMatchObject({ tcbStatus: 'UpToDate', simulated: true });
    await expect(verify([], { roots: undefined })).rejects.toMatchObject({ code: 'ERR_EVIDENCE_ROOT_UNTRUSTED' });
  });

  test.each(['v4', 'v5-td10', 'v5-td15'] as const)('issues quotes of format %s', async (quoteFormat) => {
    expect(await verify([], {}, { quoteFormat })).toMatchObject({ tcbStatus: 'UpToDate' });
  });

  test.each(TEE_FAULTS)('with fault %s is refused by the check that is about it', async (fault) => {
    const [id, code] = EXPECTED[fault];
    expect(await failureOf(verify([fault]))).toMatchObject({ id, code });
  });

  test.each(TEE_FAULTS)('with fault %s is refused under the production root too', async (fault) => {
    expect(await failureOf(verify([fault], { roots: undefined }))).toBeDefined();
    await expect(verify([fault], { roots: undefined, mode: 'cryptography' })).rejects.toThrow(AppraisalError);
  });

  test('has a fault, or a demand of the policy, for every check of a quote', () => {
    const elsewhere: readonly CheckId[] = [
      // Of form and trust: the parser's own tests, and the production root above.
      'quote.format',
      'pck.format',
      'pck.root',
      'quote.signature',
      // Demands that are made below.
      'collateral.format',
      'collateral.evaluation-number',
      'tcb.advisories',
    ];
    const covered = new Set([...Object.values(EXPECTED).map(([id]) => id), ...elsewhere]);
    expect(TDX_CHECK_IDS.filter((id) => !covered.has(id))).toEqual([]);
  });

  test.each(['qe-out-of-date', 'module-out-of-date', 'platform-out-of-date'] as const)(
    'that is %s is accepted when the policy names the status, with its advisories',
    async (fault) => {
      const verdict = await verify([fault], { acceptedTcb: ['UpToDate', 'OutOfDate'] });
      expect(verdict).toMatchObject({ tcbStatus: 'OutOfDate', advisories: ['INTEL-SA-00000'] });
    },
  );

  test('launched under a TCB that has gone out of date says what a new launch would mend', async () => {
    const acceptedTcb = ['UpToDate', 'TDRelaunchAdvised'] as const;
    expect(await verify(['relaunch-advised'], { acceptedTcb })).toMatchObject({ tcbStatus: 'TDRelaunchAdvised' });
    const both = verify(['relaunch-advised', 'configuration-needed'], {
      acceptedTcb: ['TDRelaunchAdvisedConfigurationNeeded'],
    });
    expect(await both).toMatchObject({ tcbStatus: 'TDRelaunchAdvisedConfigurationNeeded' });
    // Without TEE_TCB_SVN2 nothing shows that the module is current.
    const older = verify(['relaunch-advised'], { acceptedTcb }, { quoteFormat: 'v5-td10' });
    expect(await failureOf(older)).toMatchObject({ id: 'tcb.status' });
  });

  test.each(['platform-revoked', 'module-revoked', 'qe-revoked'] as const)(
    'that is %s is refused whatever is accepted',
    async (fault) => {
      const acceptedTcb = TCB_STATUSES as readonly AcceptableTcbStatus[];
      expect(await failureOf(verify([fault], { acceptedTcb, gracePeriod: 1e12 }))).toMatchObject({ id: 'tcb.status' });
    },
  );

  test('of another process is not accepted under these roots', async () => {
    const other = await createSimulatedEvidence();
    await expect(verify([], { roots: other.tee.roots })).rejects.toMatchObject({ code: 'ERR_EVIDENCE_ROOT_UNTRUSTED' });
    await expect(verify([], { collateral: other.tee.collateral })).rejects.toMatchObject({
      code: 'ERR_EVIDENCE_CRL_INVALID',
    });
  });
});

describe('demands of a policy', () => {
  const DAY = 86_400_000;
  const LEVEL_DATE = Date.parse('2024-03-13T00:00:00Z');

  test('a floor of the evaluation number', async () => {
    expect(await verify([], { minimumEvaluationNumber: 19 })).toMatchObject({ tcbStatus: 'UpToDate' });
    expect(await failureOf(verify([], { minimumEvaluationNumber: 20 }))).toMatchObject({
      id: 'collateral.evaluation-number',
      code: 'ERR_EVIDENCE_COLLATERAL_TOO_OLD',
    });
  });

  test('collateral has to be there', async () => {
    expect(await failureOf(verify([], { collateral: undefined }))).toMatchObject({
      id: 'collateral.format',
      code: 'ERR_EVIDENCE_COLLATERAL_MISSING',
    });
  });

  test('a decision about an advisory holds until its end and bounds the verdict', async () => {
    const acceptedTcb = ['SWHardeningNeeded'] as const;
    const decide = (advisories: object): ReturnType<typeof verify> =>
      verify(['sw-hardening-needed'], { acceptedTcb, advisories });
    const end = new Date(NOW + DAY).toISOString().replace('.000', '');
    expect(await decide({ 'INTEL-SA-00001': end })).toMatchObject({ expiresAt: NOW + DAY });
    const ended = new Date(NOW - 1000).toISOString().replace('.000', '');
    for (const advisories of [{}, { 'INTEL-SA-00002': end }, { 'INTEL-SA-00001': ended }]) {
      expect(await failureOf(decide(advisories))).toMatchObject({
        id: 'tcb.advisories',
        code: 'ERR_EVIDENCE_ADVISORY_NOT_ACCEPTED',
      });
    }
  });

  test('grace lasts from the date of the level and no longer, and never mends configuration', async () => {
    const gracePeriod = NOW - LEVEL_DATE + 1000;
    expect(await verify(['platform-out-of-date'], { gracePeriod })).toMatchObject({ expiresAt: NOW + 1000 });
    expect(await failureOf(verify(['platform-out-of-date'], { gracePeriod: gracePeriod - 1001 }))).toMatchObject({
      id: 'tcb.status',
    });
    const both = ['configuration-needed', 'qe-out-of-date'] as const;
    expect(await failureOf(verify(both, { gracePeriod }))).toMatchObject({ id: 'tcb.status' });
    expect(await verify(both, { gracePeriod, acceptedTcb: ['ConfigurationNeeded'] })).toMatchObject({
      tcbStatus: 'OutOfDateConfigurationNeeded',
    });
  });

  test('platforms by provisioning id and by family', async () => {
    const known = { ppids: ['51'.repeat(16)], fmspcs: ['00c15731a000'] };
    expect(await verify([], known)).toMatchObject({ tcbStatus: 'UpToDate' });
    const code = 'ERR_EVIDENCE_PLATFORM_NOT_ACCEPTED';
    expect(await failureOf(verify([], { ppids: ['00'.repeat(16)] }))).toMatchObject({ id: 'allow.ppid', code });
    expect(await failureOf(verify([], { fmspcs: ['00c15731a001'] }))).toMatchObject({ id: 'allow.fmspc', code });
  });

  test('one of several values of a measurement', async () => {
    const { tee } = await createSimulatedEvidence();
    const { mrTd } = tee.measurements;
    expect(await verify([], { workload: { mrTd: ['00'.repeat(48), mrTd] } })).toMatchObject({ tcbStatus: 'UpToDate' });
    expect(await failureOf(verify([], { workload: { mrTd: ['00'.repeat(48)] } }))).toMatchObject({ id: 'pin.mrTd' });
  });

  test('an event of the log, which has to be there, once', async () => {
    const pin = { register: 3, name: 'compose-hash', payload: '07'.repeat(32) };
    expect(await verify([], { events: [pin] })).toMatchObject({ tcbStatus: 'UpToDate' });
    const wrong = [
      { ...pin, payload: '08'.repeat(32) },
      { ...pin, name: 'app-id' },
      { ...pin, register: 2 },
    ];
    for (const other of wrong) {
      expect(await failureOf(verify([], { events: [other] }))).toMatchObject({
        id: 'pin.events',
        code: 'ERR_EVIDENCE_EVENT_MISMATCH',
      });
    }
    const twice = { events: [...EVENTS, ...EVENTS] };
    expect(await failureOf(verify([], { events: [pin] }, twice))).toMatchObject({ id: 'pin.events' });
    expect(await failureOf(verify([], { events: [pin] }, {}))).toMatchObject({
      id: 'event-log.replay',
      code: 'ERR_EVIDENCE_EVENT_LOG_MISSING',
    });
  });
});
