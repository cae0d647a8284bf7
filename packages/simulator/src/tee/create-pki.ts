import { bigEndian, fromHex } from '@cloister/core';
import { createCertificate, createExtension, type IssuedCertificate } from './create-certificate.ts';
import { der } from './der-writer.ts';
import type { TeeFault } from './faults.ts';

/** The simulated platform, as its certificate and its collateral describe it. */
export const PLATFORM = {
  fmspc: '00c15731a000',
  pceId: '0000',
  components: [2, 2, 2, 2, 3, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0],
  pceSvn: 11,
} as const;

const SGX = '1.2.840.113741.1.13.1';
const YEAR = 365 * 86_400_000;

/** The certificates of a simulated vendor and of one platform. */
export interface SimulatedPki {
  readonly root: IssuedCertificate;
  /** The PCK platform CA. */
  readonly authority: IssuedCertificate;
  /** The platform's certificate; its key signs quoting enclave reports. */
  readonly pck: IssuedCertificate;
  /** Signs TCB info, and QE identity unless a fault has it otherwise. */
  readonly signer: IssuedCertificate;
  readonly identitySigner: IssuedCertificate;
}

/** The SGX extensions of a platform certificate (Intel SGX PCK certificate specification, section 1.3.5). */
function createSgxExtensions(): Uint8Array {
  const pair = (identifier: string, value: Uint8Array): Uint8Array =>
    der.sequence(der.identifier(`${SGX}.${identifier}`), value);
  const components = PLATFORM.components.map((svn, index) => pair(`2.${index + 1}`, der.number(svn)));
  const value = der.sequence(
    pair('1', der.octets(new Uint8Array(16).fill(0x51))),
    pair(
      '2',
      der.sequence(
        ...components,
        pair('2.17', der.number(PLATFORM.pceSvn)),
        pair('2.18', der.octets(Uint8Array.from(PLATFORM.components))),
      ),
    ),
    pair('3', der.octets(fromHex(PLATFORM.pceId))),
    pair('4', der.octets(fromHex(PLATFORM.fmspc))),
    pair('5', der.element(0x0a, bigEndian(1, 1))),
  );
  return createExtension(SGX, value, false);
}

/** Makes root, PCK CA, platform certificate and TCB signer around the time `now`, ms since the epoch. */
export function createPki(now: number, faults: ReadonlySet<TeeFault>): SimulatedPki {
  const dates = { notBefore: now - YEAR, notAfter: now + 7 * YEAR };
  const root = createCertificate({
    commonName: 'Intel SGX Root CA',
    pathLength: 1,
    notBefore: now - 2 * YEAR,
    notAfter: now + 20 * YEAR,
  });
  const authority = createCertificate({
    commonName: 'Intel SGX PCK Platform CA',
    issuer: root,
    pathLength: 0,
    ...dates,
  });
  const pck = createCertificate({
    commonName: faults.has('pck-name-foreign') ? 'Somebody Else' : 'Intel SGX PCK Certificate',
    issuer: authority,
    ...dates,
    ...(faults.has('pck-expired') ? { notAfter: now - 86_400_000 } : {}),
    extensions: faults.has('pck-extension-missing') ? [] : [createSgxExtensions()],
  });
  const sign = (fault: TeeFault): IssuedCertificate =>
    createCertificate({
      commonName: faults.has(fault) ? 'Somebody Else' : 'Intel SGX TCB Signing',
      issuer: root,
      ...dates,
    });
  const signer = sign('tcb-signer-name-foreign');
  const identitySigner = faults.has('qe-identity-signer-name-foreign')
    ? sign('qe-identity-signer-name-foreign')
    : signer;
  return { root, authority, pck, signer, identitySigner };
}
