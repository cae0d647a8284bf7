import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { systemRandom, utf8 } from '@cloister/core';
import type { AmdLine } from '@cloister/evidence/snp';
import { createExtension } from '../tee/create-certificate.ts';
import { der } from '../tee/der-writer.ts';
import {
  createAuthorityExtensions,
  createSnpCertificate,
  createSnpList,
  type SnpCertificate,
  type SnpIssuer,
} from './create-snp-certificate.ts';
import type { RsaKeys } from './rsa-keys.ts';
import type { SnpFault } from './snp-faults.ts';
import { createChipId, createTcb, LINES, lowerTcb } from './snp-platform.ts';

const DAY = 86_400_000;
const YEAR = 365 * DAY;
const ARC = '1.3.6.1.4.1.3704.1';

/** Which platform to make a PKI for. */
export interface SnpPlatform {
  readonly line: AmdLine;
  readonly signer: 'vcek' | 'vlek';
  /** ms since the epoch. */
  readonly now: number;
  readonly keys: RsaKeys;
  readonly faults: ReadonlySet<SnpFault>;
}

/** The certificates of a simulated AMD and of one chip or provider, and the root's list. */
export interface SnpPki {
  readonly ark: SnpCertificate;
  /** ASK or ASVK. */
  readonly intermediate: SnpCertificate;
  /** VCEK or VLEK. */
  readonly vek: SnpCertificate;
  /** DER. */
  readonly list: Uint8Array;
}

/** The extensions of a VCEK or VLEK (AMD VCEK and VLEK certificate specifications). Chip ids occur in both encodings. */
function createVekExtensions({ line, signer, faults }: SnpPlatform): readonly Uint8Array[] {
  const extension = (arcs: string, value: Uint8Array): Uint8Array => createExtension(`${ARC}.${arcs}`, value, false);
  const text = (value: string): Uint8Array => der.element(0x16, utf8(value));
  const isBehind = faults.has('tcb-old') !== faults.has('vek-of-other-tcb');
  const tcb = isBehind ? lowerTcb(createTcb(line)) : createTcb(line);
  const named = faults.has('vek-of-other-line') ? (line === 'Milan' ? 'Genoa' : 'Milan') : line;
  const chipId = createChipId(line, faults.has('chip-other') ? 'other' : 'own');
  const owner =
    signer === 'vcek'
      ? extension('4', line === 'Genoa' ? der.octets(chipId) : chipId)
      : extension('5', text(faults.has('provider-other') ? 'other.example' : 'provider.example'));
  const parts = [
    ['3.1', tcb.bootloader],
    ['3.2', tcb.tee],
    ['3.3', tcb.snp],
    ...(tcb.fmc === undefined ? [['3.4', 0] as const] : []),
    ['3.5', 0],
    ['3.6', 0],
    ['3.7', 0],
    ['3.8', tcb.microcode],
    ...(tcb.fmc === undefined ? [] : [['3.9', tcb.fmc] as const]),
  ] as const;
  return [
    extension('1', der.number(tcb.fmc === undefined ? 0 : 1)),
    // A provider's certificates name the line without a stepping.
    extension('2', text(signer === 'vcek' ? LINES[named].product : named)),
    ...parts.map(([arcs, svn]) => extension(arcs, der.number(svn))),
    ...(faults.has('vek-extension-missing') ? [] : [owner]),
  ];
}

function createRoot({ line, now, keys: { root }, faults }: SnpPlatform): SnpCertificate {
  return createSnpCertificate({
    commonName: faults.has('root-name-foreign') ? 'Somebody Else' : `ARK-${line}`,
    ...root,
    serial: createSerial(),
    notBefore: now - YEAR,
    notAfter: now + 20 * YEAR,
    extensions: createAuthorityExtensions('all'),
  });
}

function createAuthority({ line, signer, now, keys, faults }: SnpPlatform, ark: SnpCertificate): SnpCertificate {
  const name = signer === 'vcek' ? `SEV-${line}` : `SEV-VLEK-${line}`;
  return createSnpCertificate({
    commonName: faults.has('authority-name-foreign') ? 'Somebody Else' : name,
    issuer: faults.has('authority-signature-foreign') ? { ...ark, key: keys.authority.privateKey } : ark,
    ...keys.authority,
    serial: createSerial(),
    notBefore: now - YEAR,
    notAfter: faults.has('authority-expired') ? now - DAY : now + 20 * YEAR,
    extensions: faults.has('authority-not-one') ? [] : createAuthorityExtensions('certificates', 0),
  });
}

function createVek(platform: SnpPlatform, issuer: SnpIssuer, ark: SnpCertificate): SnpCertificate {
  const { signer, now, keys, faults } = platform;
  const forged = faults.has('vek-signature-foreign') ? { ...issuer, key: keys.root.privateKey } : issuer;
  const namedCurve = faults.has('vek-key-of-other-curve') ? 'P-256' : 'P-384';
  return createSnpCertificate({
    commonName: faults.has('vek-name-foreign') ? 'Somebody Else' : signer === 'vcek' ? 'SEV-VCEK' : 'SEV-VLEK',
    issuer: faults.has('vek-issuer-foreign') ? ark : forged,
    ...(generateKeyPairSync('ec', { namedCurve }) as { privateKey: KeyObject; publicKey: KeyObject }),
    // AMD numbers all of them 0.
    serial: Uint8Array.of(faults.has('vek-revoked') ? 7 : 0),
    notBefore: faults.has('vek-not-yet-valid') ? now + DAY : now - DAY,
    notAfter: faults.has('vek-expired') ? now - 1000 : now + YEAR,
    extensions: createVekExtensions(platform),
  });
}

function createList({ now, keys, faults }: SnpPlatform, pki: Omit<SnpPki, 'list'>): Uint8Array {
  const { ark, intermediate, vek } = pki;
  const revoked = [
    ...(faults.has('authority-revoked') ? [intermediate.serial] : []),
    ...(faults.has('vek-revoked') ? [vek.serial] : []),
  ];
  const issuer = faults.has('list-of-other-issuer') ? { ...vek, key: keys.root.privateKey } : ark;
  return createSnpList({
    issuer: faults.has('list-foreign') ? { ...issuer, key: keys.authority.privateKey } : issuer,
    thisUpdate: faults.has('list-not-yet-valid') ? now + DAY : now - 10 * DAY,
    nextUpdate: faults.has('list-expired') ? now - DAY : now + 30 * DAY,
    revoked,
  });
}

function createSerial(): Uint8Array {
  const serial = systemRandom(8);
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  return serial;
}

/** Makes ARK, ASK or ASVK, VCEK or VLEK and the root's list. */
export function createSnpPki(platform: SnpPlatform): SnpPki {
  const ark = createRoot(platform);
  const intermediate = createAuthority(platform, ark);
  const vek = createVek(platform, intermediate, ark);
  return { ark, intermediate, vek, list: createList(platform, { ark, intermediate, vek }) };
}
