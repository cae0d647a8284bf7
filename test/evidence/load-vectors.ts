import { readFileSync } from 'node:fs';
import { fromBase64, type TdxCollateral, toHex } from '@cloister/core';

const FOLDER = new URL('../vectors/evidence/', import.meta.url);

/** A vector file's bytes. `folder` may be another folder with the same names. */
export function loadBytes(name: string, folder: URL = FOLDER): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, folder)));
}

/** A vector file's text. */
export function loadText(name: string, folder: URL = FOLDER): string {
  return readFileSync(new URL(name, folder), 'utf8');
}

/** The text of an object member exactly as served: its signature covers these bytes. */
function rawMember(json: string, name: string): string {
  const start = json.indexOf('{', json.indexOf(`"${name}":`));
  for (let index = start, depth = 0; index < json.length; index++) {
    if (json[index] === '{') depth++;
    if (json[index] === '}' && --depth === 0) return json.slice(start, index + 1);
  }
  throw new Error(`no member ${name}`);
}

function loadDocument(name: string, member: string, folder: URL): { text: string; signature: string } {
  const text = loadText(name, folder);
  return { text: rawMember(text, member), signature: (JSON.parse(text) as { signature: string }).signature };
}

/** The files of one collateral set. */
export interface CollateralFiles {
  readonly tcbInfo: string;
  readonly qeIdentity: string;
  readonly pckCrl: string;
  readonly rootCrl: string;
  readonly pckChain: string;
  readonly tcbChain: string;
  readonly qeChain: string;
}

/** Joins single files of Intel's service into one collateral. */
export function joinCollateral(files: CollateralFiles, folder: URL = FOLDER): TdxCollateral {
  const info = loadDocument(files.tcbInfo, 'tcbInfo', folder);
  const identity = loadDocument(files.qeIdentity, 'enclaveIdentity', folder);
  return {
    pck_crl_issuer_chain: loadText(files.pckChain, folder),
    root_ca_crl: toHex(loadBytes(files.rootCrl, folder)),
    pck_crl: toHex(loadBytes(files.pckCrl, folder)),
    tcb_info_issuer_chain: loadText(files.tcbChain, folder),
    tcb_info: info.text,
    tcb_info_signature: info.signature,
    qe_identity_issuer_chain: loadText(files.qeChain, folder),
    qe_identity: identity.text,
    qe_identity_signature: identity.signature,
  };
}

/** The files of collateral `google-2023`. */
export const GOOGLE_2023: CollateralFiles = {
  tcbInfo: 'google-2023.tcbinfo-50806f.json',
  qeIdentity: 'google-2023.qeidentity.json',
  pckCrl: 'google-2023.pckcrl.der',
  rootCrl: 'google-2023.rootcrl.der',
  pckChain: 'google-2023.pckcrl-issuer-chain.pem',
  tcbChain: 'google-2023.tcbinfo-issuer-chain.pem',
  qeChain: 'google-2023.qeidentity-issuer-chain.pem',
};

/** The files of collateral `attrs-2026-03` for FMSPC 90c06f000000. */
export const ATTRS_2026_03: CollateralFiles = {
  tcbInfo: 'attrs-2026-03.tcb-info-90c06f000000.json',
  qeIdentity: 'attrs-2026-03.td-qe-identity.json',
  pckCrl: 'attrs-2026-03.pck-crl-platform.der',
  rootCrl: 'attrs-2026-03.root-ca-crl.der',
  pckChain: 'google-2023.pckcrl-issuer-chain.pem',
  tcbChain: 'attrs-2026-03.tcb-signing-chain.pem',
  qeChain: 'attrs-2026-03.qe-identity-signing-chain.pem',
};

/** Genuine evidence: quote, collateral and a time at which both hold. */
export interface GenuineEvidence {
  readonly quote: Uint8Array;
  readonly collateral: TdxCollateral;
  /** ms since the epoch. */
  readonly at: number;
}

/** A version 4 quote of an up-to-date platform. */
export function loadPhalaV4(): GenuineEvidence {
  const collateral = JSON.parse(loadText('phala-v4.collateral.json')) as TdxCollateral;
  return { quote: loadBytes('phala-v4.quote.bin'), collateral, at: Date.parse('2025-06-20T00:00:00Z') };
}

/** A version 4 quote that is genuine in everything but its guest's debug bit. */
export function loadTrusteeDebug(): GenuineEvidence {
  const quote = loadBytes('trustee-v4-debug.quote.bin');
  return { quote, collateral: joinCollateral(GOOGLE_2023), at: Date.parse('2023-07-01T00:00:00Z') };
}

/** A version 5 quote with a TDX 1.5 body. */
export function loadGoogleV5(): GenuineEvidence {
  const quote = loadBytes('google-v5.quote.bin');
  return { quote, collateral: joinCollateral(ATTRS_2026_03), at: Date.parse('2026-03-20T00:00:00Z') };
}

/** The bytes of the first certificate in a PEM text. */
export function firstCertificate(pem: string): Uint8Array {
  const body = pem.slice(pem.indexOf('-----\n') + 6, pem.indexOf('-----END'));
  return fromBase64(body.replaceAll('\n', ''));
}

/** A copy with one bit of one byte flipped. */
export function flipBit(bytes: Uint8Array, offset: number, bit = 0): Uint8Array {
  const copy = bytes.slice();
  copy[offset] = (copy[offset] ?? 0) ^ (1 << bit);
  return copy;
}
