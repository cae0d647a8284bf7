import { equalBytes } from '@cloister/core';
import { evidenceError } from '../errors.ts';
import type { Certificate } from '../x509/parse-certificate.ts';
import { parsePemChain } from '../x509/parse-pem-chain.ts';
import { areValidAt, verifyCertificateChain } from '../x509/verify-certificate-chain.ts';
import { type PckExtension, parsePckExtension } from './parse-pck-extension.ts';
import type { VerificationCache } from '../verification-cache.ts';
import type { TdxContext } from './tdx-context.ts';

const LEAF_NAME = 'Intel SGX PCK Certificate';
const ISSUER_NAMES: ReadonlySet<string | undefined> = new Set([
  'Intel SGX PCK Platform CA',
  'Intel SGX PCK Processor CA',
]);

/** The platform's certificates, with what the leaf says about the platform. */
export interface PckChain {
  readonly leaf: Certificate;
  readonly issuer: Certificate;
  readonly root: Certificate;
  readonly platform: PckExtension;
}

/**
 * The three certificates of a platform, unverified: leaf, PCK CA, root.
 * @throws CloisterError ERR_EVIDENCE_CERTIFICATE_MALFORMED, ERR_EVIDENCE_DER_MALFORMED
 */
export function parsePckChain(pem: Uint8Array): PckCertificates {
  return parseText(readText(pem));
}

type PckCertificates = readonly [Certificate, Certificate, Certificate];

function readText(pem: Uint8Array): string {
  // Some quoting services end the text with a NUL, as C does.
  const end = pem.at(-1) === 0 ? pem.length - 1 : pem.length;
  return new TextDecoder('latin1').decode(pem.subarray(0, end));
}

function parseText(text: string, cache?: VerificationCache): PckCertificates {
  const [leaf, issuer, root, ...more] = parsePemChain(text, cache);
  if (leaf === undefined || issuer === undefined || root === undefined || more.length > 0)
    throw evidenceError('ERR_EVIDENCE_CERTIFICATE_MALFORMED');
  return [leaf, issuer, root];
}

/** Whether `certificate` is, byte for byte, one of the trusted roots. */
export function isTrustedRoot(certificate: Certificate, roots: readonly Uint8Array[]): boolean {
  return roots.some((root) => equalBytes(root, certificate.raw));
}

/**
 * Checks `pck.*`: exactly leaf, PCK CA and a trusted root; names, signatures, constraints, validity; the SGX extensions.
 * Returns the chain only if all of it holds.
 */
export async function checkPckChain(context: TdxContext, pem: Uint8Array): Promise<PckChain | undefined> {
  const { list, now, roots, expiries, cache } = context;
  const text = readText(pem);
  const chain = list.attempt('pck.format', 'ERR_EVIDENCE_CERTIFICATE_MALFORMED', () =>
    cache.remember(text, 'pck', () => parseText(text, cache)),
  );
  if (chain === undefined) return undefined;
  const [leaf, issuer, root] = chain;
  const isRooted = list.require('pck.root', isTrustedRoot(root, roots.intel), 'ERR_EVIDENCE_ROOT_UNTRUSTED');
  const isNamed = leaf.subject.commonName === LEAF_NAME && ISSUER_NAMES.has(issuer.subject.commonName);
  const isChain =
    isNamed && (await cache.remember(text, 'end-entity', () => verifyCertificateChain(chain, 'end-entity')));
  list.require('pck.chain', isChain, 'ERR_EVIDENCE_CHAIN_INVALID');
  const isValid = list.require('pck.validity', areValidAt(chain, now), 'ERR_EVIDENCE_CERTIFICATE_EXPIRED');
  const platform = list.attempt('pck.extension', 'ERR_EVIDENCE_DER_MALFORMED', () =>
    cache.remember(text, 'extension', () => parsePckExtension(leaf)),
  );
  expiries.push(...chain.map(({ notAfter }) => notAfter));
  return isRooted && isChain && isValid && platform !== undefined ? { leaf, issuer, root, platform } : undefined;
}
