import { equalBytes, sha256, toHex } from '@cloister/core';
import { verifyRsaPss } from '#rsa';
import type { AmdLine, AmdRoot } from '../trust-roots.ts';
import { type Certificate, parseCertificate } from '../x509/parse-certificate.ts';
import { areValidAt } from '../x509/verify-certificate-chain.ts';
import { snpError } from './errors.ts';
import { findLine, isProductOf } from './find-line.ts';
import { parseVekExtensions, type VekExtensions } from './parse-vek-extensions.ts';
import type { SnpReport } from './report-types.ts';
import type { SnpContext } from './snp-context.ts';

const KEY_CERT_SIGN = 5;

/** The key that signed a report: the chip's own, or one that AMD gave to a provider. */
export type SnpSigner = 'vcek' | 'vlek';

/** The certificates behind a report, with what they say. */
export interface VekChain {
  readonly vek: Certificate;
  /** ASK or ASVK. */
  readonly intermediate: Certificate;
  readonly ark: Certificate;
  readonly root: AmdRoot;
  readonly line: AmdLine;
  readonly extensions: VekExtensions;
}

type Triple = readonly [vek: Certificate, intermediate: Certificate, ark: Certificate];

function parseChain(certs: readonly Uint8Array[]): Triple {
  const [vek, intermediate, ark] = certs;
  if (vek === undefined || intermediate === undefined || ark === undefined || certs.length > 3) {
    throw snpError('ERR_EVIDENCE_SNP_CERTIFICATES_MISSING');
  }
  return [parseCertificate(vek), parseCertificate(intermediate), parseCertificate(ark)];
}

function hasNames([vek, intermediate, ark]: Triple, signer: SnpSigner, line: AmdLine): boolean {
  return (
    vek.subject.commonName === (signer === 'vcek' ? 'SEV-VCEK' : 'SEV-VLEK') &&
    intermediate.subject.commonName === (signer === 'vcek' ? `SEV-${line}` : `SEV-VLEK-${line}`) &&
    ark.subject.commonName === `ARK-${line}`
  );
}

function isAuthority({ isAuthority: flag, keyUsage, pathLength }: Certificate, below: number): boolean {
  return flag && keyUsage?.has(KEY_CERT_SIGN) === true && (pathLength === undefined || pathLength >= below);
}

async function isIssuedBy(certificate: Certificate, issuer: Certificate): Promise<boolean> {
  return (
    equalBytes(certificate.issuer.raw, issuer.subject.raw) &&
    (await verifyRsaPss(issuer.publicKey, certificate.signed, certificate.signature))
  );
}

/** Names, uses, and who signed whom. The ARK is pinned byte for byte, so its own signature proves nothing more. */
async function isChain(chain: Triple, signer: SnpSigner, line: AmdLine): Promise<boolean> {
  const [vek, intermediate, ark] = chain;
  return (
    hasNames(chain, signer, line) &&
    !vek.isAuthority &&
    vek.publicKey.length === 96 &&
    isAuthority(intermediate, 0) &&
    isAuthority(ark, 1) &&
    (await isIssuedBy(intermediate, ark)) &&
    (await isIssuedBy(vek, intermediate))
  );
}

/** Whether the chip that the report names is the line's that the certificates are for. Version 2 names none. */
function isOfLine({ cpuid }: SnpReport, { product, tcb, hardwareId }: VekExtensions, line: AmdLine): boolean {
  const width = hardwareId?.length;
  return (
    (cpuid === undefined || findLine(cpuid) === line) &&
    isProductOf(line, product) &&
    (tcb.fmc !== undefined) === (line === 'Turin') &&
    (width === undefined || width === (line === 'Turin' ? 8 : 64))
  );
}

/**
 * Checks `vek.format` to `vek.line`: exactly VCEK or VLEK, ASK or ASVK, and a pinned ARK; names, signatures, validity; the
 * extensions; one line of processors throughout. Returns the chain only if all of it holds.
 */
export async function checkVekChain(
  context: SnpContext,
  certs: readonly Uint8Array[],
  report: SnpReport,
  signer: SnpSigner,
): Promise<VekChain | undefined> {
  const { list, now, roots, expiries } = context;
  const chain = list.attempt('vek.format', 'ERR_EVIDENCE_CERTIFICATE_MALFORMED', () => parseChain(certs));
  if (chain === undefined) return undefined;
  const [vek, intermediate, ark] = chain;
  const digest = toHex(sha256(ark.raw));
  const root = roots.amd?.find((candidate) => candidate.sha256 === digest);
  list.require('ark.root', root !== undefined, 'ERR_EVIDENCE_ROOT_UNTRUSTED');
  const isValid = list.require('vek.validity', areValidAt(chain, now), 'ERR_EVIDENCE_CERTIFICATE_EXPIRED');
  const extensions = list.attempt('vek.extensions', 'ERR_EVIDENCE_SNP_EXTENSIONS_MALFORMED', () =>
    parseVekExtensions(vek),
  );
  if (root === undefined) return undefined;
  const { line } = root;
  const isIssued = list.require('vek.chain', await isChain(chain, signer, line), 'ERR_EVIDENCE_CHAIN_INVALID');
  if (extensions === undefined) return undefined;
  const isFitting = isOfLine(report, extensions, line);
  list.require('vek.line', isFitting, 'ERR_EVIDENCE_SNP_LINE_MISMATCH');
  expiries.push(...chain.map(({ notAfter }) => notAfter));
  return isIssued && isValid && isFitting ? { vek, intermediate, ark, root, line, extensions } : undefined;
}
