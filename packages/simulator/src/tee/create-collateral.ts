import { type TdxCollateral, toHex, utf8 } from '@cloister/core';
import { createCertificate, createRevocationList, type IssuedCertificate } from './create-certificate.ts';
import { PLATFORM, type SimulatedPki } from './create-pki.ts';
import type { TeeFault } from './faults.ts';
import { createSigningKey } from './signing-key.ts';
import { MODULE, QUOTING_ENCLAVE } from './create-quote.ts';

const DAY = 86_400_000;
const LEVEL_DATE = '2024-03-13T00:00:00Z';

type Faults = ReadonlySet<TeeFault>;

interface Dates {
  readonly issueDate: string;
  readonly nextUpdate: string;
}

function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

interface Status {
  readonly tcbStatus: string;
  readonly advisoryIDs?: readonly string[];
}

const STATUSES: readonly (readonly [TeeFault, Status])[] = [
  ['platform-out-of-date', { tcbStatus: 'OutOfDate', advisoryIDs: ['INTEL-SA-00000'] }],
  ['sw-hardening-needed', { tcbStatus: 'SWHardeningNeeded', advisoryIDs: ['INTEL-SA-00001'] }],
  ['configuration-needed', { tcbStatus: 'ConfigurationNeeded', advisoryIDs: ['INTEL-SA-00002'] }],
  ['platform-revoked', { tcbStatus: 'Revoked' }],
];

/** A level of a part; below it, one that is out of date. */
function levels(svn: number, fault: { readonly behind: boolean; readonly revoked: boolean }): object[] {
  const behind = { tcbStatus: 'OutOfDate', advisoryIDs: ['INTEL-SA-00000'] };
  const top = fault.revoked ? { tcbStatus: 'Revoked' } : fault.behind ? behind : { tcbStatus: 'UpToDate' };
  return [
    { tcb: { isvsvn: svn }, tcbDate: LEVEL_DATE, ...top },
    { tcb: { isvsvn: svn - 2 }, tcbDate: LEVEL_DATE, ...behind },
  ];
}

function findStatus(faults: Faults): Status {
  return STATUSES.find(([fault]) => faults.has(fault))?.[1] ?? { tcbStatus: 'UpToDate' };
}

/** TCB info as Intel's service serves it (PCS API version 4, TCB info version 3). */
function createTcbInfo(dates: Dates, faults: Faults): string {
  const zeros = '00'.repeat(48);
  const identity = { mrsigner: zeros, attributes: '00'.repeat(8), attributesMask: 'FF'.repeat(8) };
  const required = faults.has('platform-unknown') ? 255 : 0;
  return JSON.stringify({
    ...(faults.has('tcb-info-incomplete') ? {} : { id: 'TDX' }),
    version: 3,
    ...dates,
    fmspc: (faults.has('wrong-fmspc') ? '00c15731a001' : PLATFORM.fmspc).toUpperCase(),
    pceId: faults.has('wrong-pceid') ? '0001' : PLATFORM.pceId,
    tcbType: 0,
    tcbEvaluationDataNumber: 19,
    tdxModule: identity,
    tdxModuleIdentities: [
      {
        id: faults.has('module-unknown') ? 'TDX_03' : 'TDX_01',
        ...identity,
        tcbLevels: levels(MODULE.svn, {
          behind: faults.has('module-out-of-date'),
          revoked: faults.has('module-revoked'),
        }),
      },
    ],
    tcbLevels: [
      {
        tcb: {
          sgxtcbcomponents: PLATFORM.components.map((svn) => ({ svn: Math.max(svn, required) })),
          pcesvn: PLATFORM.pceSvn,
          tdxtcbcomponents: Array.from({ length: 16 }, () => ({ svn: 0 })),
        },
        tcbDate: LEVEL_DATE,
        ...findStatus(faults),
      },
    ],
  });
}

/** Identity of the simulated quoting enclave (PCS API version 4). */
function createQeIdentity(dates: Dates, faults: Faults): string {
  return JSON.stringify({
    ...(faults.has('qe-identity-incomplete') ? {} : { id: 'TD_QE' }),
    version: 2,
    ...dates,
    tcbEvaluationDataNumber: 19,
    miscselect: '00000000',
    miscselectMask: 'FFFFFFFF',
    attributes: '11000000000000000000000000000000',
    attributesMask: 'FBFFFFFFFFFFFFFF0000000000000000',
    mrsigner: toHex(QUOTING_ENCLAVE.mrSigner).toUpperCase(),
    isvprodid: QUOTING_ENCLAVE.isvProdId,
    tcbLevels: levels(QUOTING_ENCLAVE.isvSvn, {
      behind: faults.has('qe-out-of-date'),
      revoked: faults.has('qe-revoked'),
    }),
  });
}

function createLists(pki: SimulatedPki, now: number, faults: Faults): Pick<TdxCollateral, 'root_ca_crl' | 'pck_crl'> {
  const until = (...expired: readonly TeeFault[]): { thisUpdate: number; nextUpdate: number } => ({
    thisUpdate: now - 2 * DAY,
    nextUpdate: expired.some((fault) => faults.has(fault)) ? now - DAY : now + 29 * DAY,
  });
  const revoke = (fault: TeeFault, { serial }: IssuedCertificate): Uint8Array[] => (faults.has(fault) ? [serial] : []);
  const revokedByRoot = [...revoke('intermediate-revoked', pki.authority), ...revoke('tcb-signer-revoked', pki.signer)];
  const forge = (fault: TeeFault, issuer: IssuedCertificate): IssuedCertificate =>
    faults.has(fault) ? { ...issuer, key: createSigningKey() } : issuer;
  const root = createRevocationList({
    issuer: forge('root-crl-foreign', pki.root),
    ...until('crl-expired'),
    revoked: revokedByRoot,
  });
  const pck = createRevocationList({
    issuer: forge('crl-foreign', pki.authority),
    ...until('crl-expired', 'pck-crl-expired'),
    revoked: revoke('pck-revoked', pki.pck),
  });
  return { root_ca_crl: toHex(root), pck_crl: faults.has('crl-missing') ? '' : toHex(pck) };
}

/** A PCK CA under the same root that issued neither the platform's certificate nor its list. */
function createOtherAuthority(pki: SimulatedPki, now: number): IssuedCertificate {
  const dates = { notBefore: now - DAY, notAfter: now + 365 * DAY };
  return createCertificate({ commonName: 'Intel SGX PCK Processor CA', issuer: pki.root, pathLength: 0, ...dates });
}

/** Collateral for the simulated platform: two days old and good for 29 more at `now`, ms since the epoch. */
export function createCollateral(pki: SimulatedPki, now: number, faults: Faults): TdxCollateral {
  const dates = (...expired: readonly TeeFault[]): Dates => ({
    issueDate: iso(now - 2 * DAY),
    nextUpdate: iso(expired.some((fault) => faults.has(fault)) ? now - DAY : now + 29 * DAY),
  });
  const sign = (text: string, { key }: IssuedCertificate, ...forged: readonly TeeFault[]): string =>
    toHex((forged.some((fault) => faults.has(fault)) ? createSigningKey() : key).sign(utf8(text)));
  const tcbInfo = createTcbInfo(dates('collateral-expired'), faults);
  const qeIdentity = createQeIdentity(dates('collateral-expired', 'qe-identity-expired'), faults);
  const authority = faults.has('crl-issuer-foreign') ? createOtherAuthority(pki, now) : pki.authority;
  return {
    pck_crl_issuer_chain: authority.pem + pki.root.pem,
    ...createLists(pki, now, faults),
    tcb_info_issuer_chain: pki.signer.pem + pki.root.pem,
    tcb_info: tcbInfo,
    tcb_info_signature: sign(tcbInfo, pki.signer, 'collateral-foreign'),
    qe_identity_issuer_chain: pki.identitySigner.pem + pki.root.pem,
    qe_identity: qeIdentity,
    qe_identity_signature: sign(qeIdentity, pki.identitySigner, 'collateral-foreign', 'qe-identity-foreign'),
  };
}
