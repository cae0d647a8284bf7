import { type TdxCollateral, toHex, utf8 } from '@cloister/core';
import { createRevocationList, type IssuedCertificate } from './create-certificate.ts';
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

function level(svn: number, isOutOfDate: boolean): object {
  const status = isOutOfDate ? { tcbStatus: 'OutOfDate', advisoryIDs: ['INTEL-SA-00000'] } : { tcbStatus: 'UpToDate' };
  return { tcb: { isvsvn: svn }, tcbDate: LEVEL_DATE, ...status };
}

/** TCB info as Intel's service serves it (PCS API version 4, TCB info version 3). */
function createTcbInfo(dates: Dates, faults: Faults): string {
  const zeros = '00'.repeat(48);
  const identity = { mrsigner: zeros, attributes: '00'.repeat(8), attributesMask: 'FF'.repeat(8) };
  const platformStatus = faults.has('platform-out-of-date')
    ? { tcbStatus: 'OutOfDate', advisoryIDs: ['INTEL-SA-00000'] }
    : { tcbStatus: 'UpToDate' };
  const required = faults.has('platform-unknown') ? 255 : 0;
  return JSON.stringify({
    id: 'TDX',
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
        tcbLevels: [level(MODULE.svn, faults.has('module-out-of-date'))],
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
        ...platformStatus,
      },
    ],
  });
}

/** Identity of the simulated quoting enclave (PCS API version 4). */
function createQeIdentity(dates: Dates, faults: Faults): string {
  return JSON.stringify({
    id: 'TD_QE',
    version: 2,
    ...dates,
    tcbEvaluationDataNumber: 19,
    miscselect: '00000000',
    miscselectMask: 'FFFFFFFF',
    attributes: '11000000000000000000000000000000',
    attributesMask: 'FBFFFFFFFFFFFFFF0000000000000000',
    mrsigner: toHex(QUOTING_ENCLAVE.mrSigner).toUpperCase(),
    isvprodid: QUOTING_ENCLAVE.isvProdId,
    tcbLevels: [level(QUOTING_ENCLAVE.isvSvn, faults.has('qe-out-of-date'))],
  });
}

function createLists(pki: SimulatedPki, now: number, faults: Faults): Pick<TdxCollateral, 'root_ca_crl' | 'pck_crl'> {
  const dates = { thisUpdate: now - 2 * DAY, nextUpdate: faults.has('crl-expired') ? now - DAY : now + 29 * DAY };
  const revoke = (fault: TeeFault, { serial }: IssuedCertificate): Uint8Array[] => (faults.has(fault) ? [serial] : []);
  const revokedByRoot = [...revoke('intermediate-revoked', pki.authority), ...revoke('tcb-signer-revoked', pki.signer)];
  const root = createRevocationList({ issuer: pki.root, ...dates, revoked: revokedByRoot });
  const issuer = faults.has('crl-foreign') ? { ...pki.authority, key: createSigningKey() } : pki.authority;
  const pck = createRevocationList({ issuer, ...dates, revoked: revoke('pck-revoked', pki.pck) });
  return { root_ca_crl: toHex(root), pck_crl: faults.has('crl-missing') ? '' : toHex(pck) };
}

/** Collateral for the simulated platform: a day old and good for 29 more at `now`, ms since the epoch. */
export function createCollateral(pki: SimulatedPki, now: number, faults: Faults): TdxCollateral {
  const dates = {
    issueDate: iso(now - 2 * DAY),
    nextUpdate: iso(faults.has('collateral-expired') ? now - DAY : now + 29 * DAY),
  };
  const key = faults.has('collateral-foreign') ? createSigningKey() : pki.signer.key;
  const tcbInfo = createTcbInfo(dates, faults);
  const qeIdentity = createQeIdentity(dates, faults);
  const signerChain = pki.signer.pem + pki.root.pem;
  return {
    pck_crl_issuer_chain: pki.authority.pem + pki.root.pem,
    ...createLists(pki, now, faults),
    tcb_info_issuer_chain: signerChain,
    tcb_info: tcbInfo,
    tcb_info_signature: toHex(key.sign(utf8(tcbInfo))),
    qe_identity_issuer_chain: signerChain,
    qe_identity: qeIdentity,
    qe_identity_signature: toHex(key.sign(utf8(qeIdentity))),
  };
}
