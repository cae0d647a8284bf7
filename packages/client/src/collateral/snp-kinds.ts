import { equalBytes, toHex } from '@cloister/core';
import type { AmdLine, SnpTcb } from '@cloister/evidence/snp';
import { type CertificateFacts, readCertificateFacts, readListFacts } from '@cloister/evidence/x509';
import type { CollateralKind } from './collateral-kind.ts';
import { readPem } from './read-pem.ts';
import type { CollateralServices } from './services.ts';
import { checked, wrongCollateral } from './wrong-collateral.ts';

/** Whose key signed a report: the chip's, or one lent to a cloud provider. */
export type SnpSigner = 'vcek' | 'vlek';

/** One chip at one TCB. */
export interface SnpChip {
  readonly line: AmdLine;
  /** 64 bytes; of Turin the first 8. */
  readonly chipId: Uint8Array;
  readonly tcb: SnpTcb;
}

const SERVICE = 'amd-kds';
const MAX_CERTIFICATE = 16 * 1024;
const MAX_LIST = 1024 * 1024;
/** AMD's arc 1.3.6.1.4.1.3704.1, DER contents in hex. */
const ARC = '2b060104019c7801';
const TCB_EXTENSIONS: readonly (readonly [keyof SnpTcb, parameter: string, arc: string])[] = [
  ['bootloader', 'blSPL', '0301'],
  ['tee', 'teeSPL', '0302'],
  ['snp', 'snpSPL', '0303'],
  ['microcode', 'ucodeSPL', '0308'],
  ['fmc', 'fmcSPL', '0309'],
];

/** A chip's own certificate (VCEK), DER. Checked: that it is for this chip at this TCB. Its signature is for `evidence`. */
export function createVcekKind(
  { line, chipId, tcb }: SnpChip,
  services: CollateralServices,
): CollateralKind<Uint8Array> {
  const id = line === 'Turin' ? chipId.subarray(0, 8) : chipId;
  const levels = TCB_EXTENSIONS.flatMap(([name, parameter, arc]) => {
    const level = tcb[name];
    return level === undefined ? [] : [{ level, arc, text: `${parameter}=${String(level).padStart(2, '0')}` }];
  });
  const url = `${services.amd}/vcek/v1/${line}/${toHex(id)}?${levels.map(({ text }) => text).join('&')}`;
  return {
    key: `vcek ${url}`,
    fetch: async (ask) => (await ask({ service: SERVICE, url, most: MAX_CERTIFICATE })).body,
    open: (bytes) =>
      checked(SERVICE, () => {
        const facts = readCertificateFacts(bytes);
        const isOwn =
          equalBytes(unwrapped(facts, '04'), id) && levels.every(({ level, arc }) => integer(facts, arc) === level);
        if (!isOwn) throw wrongCollateral(SERVICE);
        return { value: bytes, issuedAt: facts.notBefore, validUntil: facts.notAfter };
      }),
  };
}

/** The hardware id occurs raw and as an OCTET STRING. */
function unwrapped({ extensions }: CertificateFacts, arc: string): Uint8Array {
  const value = extensions.get(ARC + arc)?.value ?? new Uint8Array(0);
  return value[0] === 0x04 && value[1] === value.length - 2 ? value.subarray(2) : value;
}

/** An INTEGER from 0 to 255. */
function integer({ extensions }: CertificateFacts, arc: string): number | undefined {
  const value = extensions.get(ARC + arc)?.value ?? new Uint8Array(0);
  const isShort = value[0] === 0x02 && value[1] === value.length - 2 && value.length <= 4;
  return isShort ? value.subarray(2).reduce((sum, byte) => sum * 256 + byte, 0) : undefined;
}

/** The authority of a line and signer and its root, DER: [ASK or ASVK, ARK]. */
export function createSnpChainKind(
  line: AmdLine,
  signer: SnpSigner,
  services: CollateralServices,
): CollateralKind<readonly [Uint8Array, Uint8Array]> {
  const url = `${services.amd}/${signer}/v1/${line}/cert_chain`;
  return {
    key: `snp-chain ${url}`,
    fetch: async (ask) => (await ask({ service: SERVICE, url, most: 2 * MAX_CERTIFICATE })).body,
    open: (bytes) =>
      checked(SERVICE, () => {
        const [authority, root, ...more] = readPem(bytes);
        if (authority === undefined || root === undefined || more.length > 0) throw wrongCollateral(SERVICE);
        const facts = [readCertificateFacts(authority), readCertificateFacts(root)] as const;
        if (!equalBytes(facts[0].issuer, facts[1].subject)) throw wrongCollateral(SERVICE);
        const issuedAt = Math.max(...facts.map(({ notBefore }) => notBefore));
        const validUntil = Math.min(...facts.map(({ notAfter }) => notAfter));
        return { value: [authority, root] as const, issuedAt, validUntil };
      }),
  };
}

/** The revocation list of a line and signer, DER. */
export function createSnpListKind(
  line: AmdLine,
  signer: SnpSigner,
  services: CollateralServices,
): CollateralKind<Uint8Array> {
  const url = `${services.amd}/${signer}/v1/${line}/crl`;
  return {
    key: `snp-list ${url}`,
    fetch: async (ask) => (await ask({ service: SERVICE, url, most: MAX_LIST })).body,
    open: (bytes) =>
      checked(SERVICE, () => {
        const { thisUpdate, nextUpdate } = readListFacts(bytes);
        return { value: bytes, issuedAt: thisUpdate, validUntil: nextUpdate };
      }),
  };
}
